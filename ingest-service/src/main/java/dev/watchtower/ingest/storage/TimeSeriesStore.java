package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.series.SeriesStore;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Storage as a whole: opened in the background, for as long as it takes; then written to by the
 * doors and read through {@link #reader}. Thread-safe.
 */
public final class TimeSeriesStore implements Freshness, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TimeSeriesStore.class.getName());
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(20);

  private final RequestLog log;
  private final ChunkArchive archive;
  private final BodyCodec codec;
  private final StorageSettings settings;
  private final Clock clock;
  private final IngestCounters counters = new IngestCounters();
  private final List<ListenerQueue> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Housekeeping housekeeping;
  private final Writes writes;
  private final AtomicBoolean makingRoom = new AtomicBoolean();
  private volatile Limits limits;
  private volatile @Nullable OpenStore open;
  private volatile int quarantinedSeries;
  private volatile @Nullable String lastError;
  private @Nullable Thread thread;

  /**
   * Log position up to which listeners were given everything; of what lies in the log at the start
   * they are told nothing. The writer's own.
   */
  private long heardThrough = Long.MAX_VALUE;

  /** What may be sealing still since storage failed; the writer's own. */
  private @Nullable Sealing ending;

  /** Not started yet: no thread, no connection. */
  public TimeSeriesStore(
      RequestLog log,
      ChunkArchive archive,
      BodyCodec codec,
      StorageSettings settings,
      Clock clock) {
    this(log, archive, codec, settings, clock, WRITE_LIMIT, RetentionClock.DOUBT);
  }

  /**
   * @param writeLimit how long a request waits for its commit
   * @param doubt how long retention does not believe a clock that is far ahead
   */
  TimeSeriesStore(
      RequestLog log,
      ChunkArchive archive,
      BodyCodec codec,
      StorageSettings settings,
      Clock clock,
      Duration writeLimit,
      Duration doubt) {
    this.log = log;
    this.archive = archive;
    this.codec = codec;
    this.settings = settings;
    this.limits = settings.limits();
    this.clock = clock;
    this.housekeeping =
        new Housekeeping(archive, settings, new RetentionClock(doubt, System::nanoTime));
    this.writes = new Writes(this::opened, codec, housekeeping, clock, counters, writeLimit);
  }

  /** Everything that exists only after recovery. */
  record OpenStore(
      HeadIndex index,
      SeriesTable table,
      HeadWriter heads,
      Sealing sealing,
      GroupCommit commit,
      List<LastSample> past) {}

  /** Begins to open storage in the background. */
  public synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("storage-writer").start(this::run);
    }
  }

  /** Whether storage is open: it can be written to while PostgreSQL answers. */
  public boolean isReady() {
    return open != null;
  }

  /** Whether storage is open and takes what comes, as far as is known: no commit hangs or fails. */
  public boolean isTaking() {
    return open != null && !writes.isStuck();
  }

  /** Why storage is not open yet, where that is known, or that nothing is stored any more. */
  public Optional<String> lastError() {
    return writes.isFailing() && open != null
        // Not what PostgreSQL said: whoever may see this may see it without signing in.
        ? Optional.of("nothing is stored any more: is its disk full? The log of ingest says more")
        : Optional.ofNullable(lastError);
  }

  /** Gives every batch of stored samples to the listener from now on. */
  public void listen(SampleListener listener) {
    listeners.add(new ListenerQueue(listener));
  }

  /** What came in and what became of it. */
  public IngestCounters counters() {
    return counters;
  }

  /**
   * The series, for decoders.
   *
   * @throws RequestRefusedException while storage is not open
   */
  public SeriesTable table() {
    var store = open;
    if (store == null) {
      throw new RequestRefusedException(
          RequestRefusedException.Reason.NOT_OPEN, "storage is not open yet");
    }
    return store.table();
  }

  /** From now on these limits hold for new series. */
  public void limits(Limits fresh) {
    limits = fresh;
  }

  /** The limits and habits it was opened with. */
  public StorageSettings settings() {
    return settings;
  }

  /**
   * Stores a request; returns when its samples are durable and readable.
   *
   * @param table what {@link #table} gave for the series in the batch
   * @param body what {@link BodyCodec#decode} makes the same samples of; null to have the batch
   *     encoded
   * @throws UnfinishedWriteException if it is not known yet whether it will be stored
   * @throws StoreUnavailableException if it is not (known to be) stored; worth trying again
   */
  public WriteResult write(
      SeriesTable table, SampleBatch batch, int format, byte @Nullable [] body) {
    return writes.write(table, batch, format, body);
  }

  private OpenStore opened() {
    var store = open;
    if (store == null) {
      throw new StoreUnavailableException("storage is not open yet");
    }
    return store;
  }

  private void run() {
    try {
      while (!stopped.await(0, TimeUnit.MILLISECONDS)) {
        try {
          awaitLastSealing();
          var store = recover();
          open = store;
          lastError = null;
          store.commit().run();
        } catch (UnavailableException e) {
          lastError = e.getMessage();
        } catch (RuntimeException | Error e) {
          // A fault of ours. The log has everything: begin again from there.
          LOG.log(System.Logger.Level.ERROR, "storage failed and is opened again", e);
          lastError = "storage failed: " + e;
          closeOpen();
        }
        stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writers are told at once. */
  private void closeOpen() {
    var store = open;
    open = null;
    if (store != null) {
      heardThrough = store.commit().appliedThrough();
      close(store);
    }
  }

  /** Waits for a clean-up: it must not remove from the tables what is being read from them. */
  private synchronized void close(OpenStore store) {
    store.sealing().close();
    ending = store.sealing();
  }

  /** What it writes or empties while the log is read again would be lost, or be there twice. */
  private void awaitLastSealing() throws UnavailableException, InterruptedException {
    var last = ending;
    if (last != null && !last.awaitEnd(RETRY)) {
      throw new UnavailableException("what was being sealed when storage failed is not done yet");
    }
    ending = null;
  }

  private OpenStore recover() throws UnavailableException {
    var index = new HeadIndex();
    var table = new SeriesTable(index, settings, () -> limits, clock, this::makeRoomSoon);
    var heads = new HeadWriter(index, settings, clock);
    var found =
        new Recovery(archive, log, codec, settings, clock, counters, heardThrough)
            .run(index, table, heads);
    housekeeping.begin(index);
    var sealing = new Sealing(archive, log, index, settings, clock, counters, found.lastSeries());
    try {
      var state = found.damaged() ? mended(sealing, heads, found.state()) : found.state();
      var past = lastSamples(index);
      var commit = new GroupCommit(log, heads, sealing, state, settings, this::accepted);
      housekeeping.zones(found.zones());
      quarantinedSeries = found.quarantined();
      listeners.forEach(l -> l.missed(found.unheard()));
      return new OpenStore(index, table, heads, sealing, commit, past);
    } catch (UnavailableException | RuntimeException | Error e) {
      // Its thread would stay, and with it the whole index.
      sealing.close();
      throw e;
    }
  }

  /** What could be read of a damaged log goes into the archive, and the log begins anew. */
  private RequestLog.State mended(Sealing sealing, HeadWriter heads, RequestLog.State state)
      throws UnavailableException {
    var last = state.lastPosition();
    sealing.sealNow(new Sealing.Cut(heads.cut(), last, 0));
    if (!log.empty(0) || !log.empty(1)) {
      throw new UnavailableException(
          "the request log is damaged, and cannot be made anew while another session reads it");
    }
    return new RequestLog.State(last, last, 0, true);
  }

  private void accepted(AcceptedBatch batch) {
    listeners.forEach(l -> l.offer(batch));
  }

  /** Reads what is stored. */
  public SeriesStore reader() {
    return new StoreReader(() -> opened().index(), housekeeping::zones, archive);
  }

  /** Seals what is in memory as soon as possible. */
  public void sealSoon() {
    opened().commit().cutSoon();
  }

  /**
   * Drops what is older than the retention and what there is no room for, and forgets the series
   * that have nothing left.
   *
   * @return whether all that has to go is gone; what somebody reads just then is not
   * @throws StoreUnavailableException if PostgreSQL does not answer
   */
  public synchronized boolean applyRetention() {
    var store = opened();
    try {
      return housekeeping.run(store.index(), store.table(), limits.series(), clock.millis());
    } catch (UnavailableException e) {
      throw new StoreUnavailableException("retention cannot be applied: " + e.getMessage(), e);
    }
  }

  /**
   * What time it is for all that is kept for so long, milliseconds since the epoch: a clock that is
   * ahead must not take anything away.
   *
   * @throws StoreUnavailableException while storage is not open
   */
  public long retentionMillis() {
    return housekeeping.now(opened().index(), clock.millis());
  }

  /** Has series that ended make room for new ones, on a thread of its own. */
  private void makeRoomSoon() {
    if (!makingRoom.getAndSet(true)) {
      Thread.ofPlatform().daemon().name("storage-room").start(this::makeRoom);
    }
  }

  private synchronized void makeRoom() {
    makingRoom.set(false);
    var store = open;
    if (store == null) {
      return;
    }
    try {
      housekeeping.makeRoom(store.index(), store.table(), limits.series(), clock.millis());
    } catch (UnavailableException e) {
      LOG.log(System.Logger.Level.WARNING, "no series could be removed: " + e.getMessage());
    }
  }

  /** What retention dropped since the start. */
  public Housekeeping housekeeping() {
    return housekeeping;
  }

  /** Samples sealed since the start. */
  public long sealedSamples() {
    var store = open;
    return store == null ? 0 : store.sealing().sealedSamples();
  }

  /** Attempts to seal that failed since the start. */
  public long sealingFailures() {
    return counters.sealingFailures();
  }

  /** Samples in memory that only the log has otherwise. */
  public long unsealedSamples() {
    var store = open;
    return store == null ? 0 : store.heads().unsealed();
  }

  /** Series known. */
  public long seriesCount() {
    var store = open;
    return store == null ? 0 : store.index().size();
  }

  /** Rows of series that say nothing that could be used, and wait for a repair by hand. */
  public int quarantinedSeries() {
    return quarantinedSeries;
  }

  /** Samples that listeners missed: they were too slow, or storage was opened anew. */
  public long missedByListeners() {
    return listeners.stream().mapToLong(ListenerQueue::missed).sum();
  }

  @Override
  public List<LastSample> all() {
    return lastSamples(opened().index());
  }

  @Override
  public List<LastSample> past() {
    return opened().past();
  }

  private static List<LastSample> lastSamples(HeadIndex index) {
    return index.clocks().stream()
        .flatMap(service -> service.lastSample().stream())
        .sorted(Comparator.comparing(LastSample::service).thenComparing(LastSample::env))
        .toList();
  }

  @Override
  public Optional<Instant> lastSample(String service, String env) {
    var store = open;
    var found = store == null ? null : store.index().clock(service, env);
    return found == null ? Optional.empty() : found.lastSample().map(LastSample::lastSample);
  }

  /** Stops at once; what was acknowledged is in the log. */
  @Override
  public synchronized void close() {
    stopped.countDown();
    if (thread != null) {
      thread.interrupt();
    }
    var store = open;
    if (store != null) {
      store.sealing().close();
    }
    listeners.forEach(ListenerQueue::close);
  }
}
