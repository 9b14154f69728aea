package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was cut from the heads into the archive, on a thread of its own and one cut at a
 * time, and tries again until it succeeds; then drops from memory what is old and empties the log
 * behind it, if it can.
 */
final class Sealing implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Sealing.class.getName());
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** A chunk and the head it came from. */
  record Item(Head head, Chunk chunk) {}

  /**
   * What was cut.
   *
   * @param through log position up to which the chunks are complete
   * @param emptySegment the segment that only has entries up to there
   */
  record Cut(List<Item> items, long through, int emptySegment) {}

  private final ChunkArchive archive;
  private final Repeats repeats;
  private final RequestLog log;
  private final HeadIndex index;
  private final StorageSettings settings;
  private final Clock clock;
  private final SynchronousQueue<Cut> next = new SynchronousQueue<>();
  private final AtomicLong sealedSamples = new AtomicLong();
  private final IngestCounters counters;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean busy;
  private volatile boolean emptied;
  private volatile @Nullable RuntimeException failure;
  private long persistedSeries;

  /**
   * The cut without what the archive has, once that is known: an attempt that was committed after
   * all would find its own samples. The sealing thread's own.
   */
  private @Nullable Cut checked;

  Sealing(
      ChunkArchive archive,
      RequestLog log,
      HeadIndex index,
      StorageSettings settings,
      Clock clock,
      IngestCounters counters,
      long persistedSeries) {
    this.archive = archive;
    this.repeats = new Repeats(archive, counters);
    this.log = log;
    this.index = index;
    this.settings = settings;
    this.clock = clock;
    this.counters = counters;
    this.persistedSeries = persistedSeries;
    this.thread = Thread.ofPlatform().daemon().name("storage-sealing").start(this::run);
  }

  /** Whether the last cut is not sealed yet. */
  boolean isBusy() {
    return busy;
  }

  /**
   * Whether a cut may be handed over.
   *
   * @throws IllegalStateException if none will be sealed any more, by a fault of ours
   */
  boolean isFree() {
    var failed = failure;
    if (failed != null) {
      throw failed;
    }
    return !busy;
  }

  /** Whether the segment that the last cut named was emptied: false before, and if none was cut. */
  boolean hasEmptied() {
    return emptied;
  }

  /** Samples sealed since the start. */
  long sealedSamples() {
    return sealedSamples.get();
  }

  /** Hands over a cut; only while not {@link #isBusy busy}. */
  void seal(Cut cut) throws InterruptedException {
    emptied = false;
    busy = true;
    next.put(cut);
  }

  /** Seals at once, on the caller's thread, before anything else is sealed; empties nothing. */
  void sealNow(Cut cut) throws UnavailableException {
    var checked = withoutRepeats(cut);
    archive(checked);
    settle(checked);
  }

  private Cut withoutRepeats(Cut cut) throws UnavailableException {
    return new Cut(repeats.takeOut(cut.items()), cut.through(), cut.emptySegment());
  }

  private void run() {
    try {
      while (!isStopped()) {
        var cut = next.take();
        while (!attempt(cut)) {
          if (stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        }
        busy = false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // How far it came is not known: the writer is told when it asks, and storage is opened anew.
      counters.countSealingFailure();
      LOG.log(System.Logger.Level.ERROR, "sealing has failed, storage is opened anew", e);
      failure = new IllegalStateException("sealing has failed", e);
    }
  }

  private boolean attempt(Cut cut) {
    var toSeal = checked;
    if (isStopped()) {
      return false;
    }
    try {
      if (toSeal == null) {
        toSeal = withoutRepeats(cut);
        checked = toSeal;
      }
      archive(toSeal);
    } catch (UnavailableException e) {
      if (isStopped()) {
        return false;
      }
      counters.countSealingFailure();
      LOG.log(System.Logger.Level.WARNING, "sealing failed, trying again: " + e.getMessage());
      return false;
    }
    checked = null;
    settle(toSeal);
    emptied = empty(toSeal.emptySegment());
    return true;
  }

  private void archive(Cut cut) throws UnavailableException {
    var fresh = index.seriesAbove(persistedSeries);
    var sealed = new SealedCut(cut.items());
    archive.seal(fresh, sealed, cut.through());
    sealed.confirm();
    if (!fresh.isEmpty()) {
      persistedSeries = fresh.getLast().id();
    }
  }

  /** Nothing waits for it: where it cannot be, the next cut, or whoever opens the log, has it. */
  private boolean empty(int segment) {
    if (isStopped()) {
      return false;
    }
    try {
      if (log.empty(segment)) {
        return true;
      }
      LOG.log(
          System.Logger.Level.INFO,
          "the log keeps what is sealed until the next sealing: another session reads it");
    } catch (UnavailableException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the log keeps what is sealed until the next sealing: " + e.getMessage());
    }
    return false;
  }

  private void settle(Cut cut) {
    for (var item : cut.items()) {
      item.head().sealed(item.chunk());
      sealedSamples.addAndGet(item.chunk().samples());
    }
    Eviction.run(index, settings, clock.millis());
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Has it stop; what it is doing at the moment may take longer: see {@link #awaitEnd}. */
  @Override
  public void close() {
    stopped.countDown();
    thread.interrupt();
  }

  /**
   * Waits until nothing more is written.
   *
   * @return false if that is not so after this time
   */
  boolean awaitEnd(Duration atMost) throws InterruptedException {
    return thread.join(atMost);
  }
}
