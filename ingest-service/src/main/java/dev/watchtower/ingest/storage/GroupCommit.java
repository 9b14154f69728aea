package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.RequestLog.DamagedException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The one writer: takes all requests that wait, commits them to the log together, and hands them on
 * in order to be applied to the heads and answered; now and then it has the heads cut. While the
 * log does not answer, requests are refused at once between attempts.
 */
final class GroupCommit {
  private static final int MAX_REQUESTS = 512;
  private static final long MAX_QUEUED_BYTES = 64L << 20;
  private static final long MIN_BACKLOG = 1_000_000;
  private static final long MIN_SEALED = 2_000_000;
  private static final long SAMPLES_A_SERIES = Chunk.MAX_SAMPLES / 2;
  private static final long MAX_GROUP_BYTES = 8L << 20;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

  /** What to say of requests that nobody commits or applies any more. */
  static final String STOPPING = "storage is being closed";

  private final RequestLog log;
  private final HeadWriter heads;
  private final Sealing sealing;
  private final Applier applier;
  private final BlockingQueue<PendingWrite> queue = new ArrayBlockingQueue<>(MAX_REQUESTS);
  private final AtomicLong queuedBytes = new AtomicLong();
  private final long sealSamples;
  private final long sealNanos;

  private long lastPosition;
  private int segment;

  /**
   * Whether the other segment was found empty, until the first cut; sealing knows it after that.
   */
  private boolean otherEmpty;

  /** Whether the log may have entries behind the last position. */
  private boolean unconfirmed;

  /**
   * Whether such entries were taken out of the segment and nothing was appended since. A statement
   * that was sent and not heard of can still arrive; in this segment the next entries, which have
   * the same positions, shut it out, in another they would not.
   */
  private boolean discarded;

  private long lastCut = System.nanoTime();
  private volatile long pausedUntil = System.nanoTime();
  private volatile boolean cutWanted;

  /** Whether nothing is committed any more. */
  private volatile boolean closed;

  GroupCommit(
      RequestLog log,
      HeadWriter heads,
      Sealing sealing,
      RequestLog.State state,
      StorageSettings settings,
      Consumer<AcceptedBatch> accepted) {
    this.log = log;
    this.heads = heads;
    this.sealing = sealing;
    this.applier = new Applier(heads, sealing, accepted, state.lastPosition());
    this.sealSamples = settings.sealSamples();
    this.sealNanos = settings.sealAge().toNanos();
    this.lastPosition = state.lastPosition();
    this.segment = state.activeSegment();
    this.otherEmpty = state.otherEmpty();
    // Both segments in use: a crash came between a cut and the end of its sealing.
    this.cutWanted = !otherEmpty;
  }

  /** Queues a request; the future ends when it is durable and readable, or refused. */
  CompletableFuture<WriteResult> submit(SampleBatch batch, int format, byte[] body) {
    if (System.nanoTime() - pausedUntil < 0) {
      throw new StoreUnavailableException("PostgreSQL does not answer");
    }
    if (sealing.isBusy() && heads.unsealed() > Math.max(MIN_BACKLOG, 4 * sealSamples)) {
      throw new StoreUnavailableException("more comes in than can be written out");
    }
    var pending = new PendingWrite(batch, format, body, new CompletableFuture<>());
    if (queuedBytes.addAndGet(body.length) > MAX_QUEUED_BYTES || !queue.offer(pending)) {
      queuedBytes.addAndGet(-body.length);
      throw new StoreUnavailableException("too many requests wait to be stored");
    }
    if (closed) {
      // It may have come too late to be refused with the rest.
      PendingWrite.refuse(drain(), STOPPING);
    }
    return pending.done();
  }

  /** Log position up to which everything is readable, and was given to the listeners. */
  long appliedThrough() {
    return applier.appliedThrough();
  }

  /** Asks for a cut as soon as the last one is sealed. */
  void cutSoon() {
    cutWanted = true;
  }

  /** Works until interrupted. */
  void run() throws InterruptedException {
    try {
      while (true) {
        var first = queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          write(group(first));
        }
        cutIfDue();
      }
    } finally {
      closed = true;
      applier.close();
      PendingWrite.refuse(drain(), STOPPING);
    }
  }

  private List<PendingWrite> group(PendingWrite first) {
    var group = new ArrayList<PendingWrite>();
    var bytes = 0L;
    for (var next = first; next != null; ) {
      group.add(next);
      bytes += next.body().length;
      next = bytes < MAX_GROUP_BYTES ? queue.poll() : null;
    }
    queuedBytes.addAndGet(-bytes);
    return group;
  }

  private List<PendingWrite> drain() {
    var rest = new ArrayList<PendingWrite>();
    queue.drainTo(rest);
    rest.forEach(p -> queuedBytes.addAndGet(-p.body().length));
    return rest;
  }

  private void write(List<PendingWrite> group) throws InterruptedException {
    try {
      append(group);
    } catch (UnavailableException e) {
      unconfirmed = true;
      pausedUntil = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
      PendingWrite.refuse(group, "PostgreSQL does not answer: " + e.getMessage());
      PendingWrite.refuse(drain(), "PostgreSQL does not answer");
      if (e instanceof DamagedException) {
        // Opening anew reads what can be read and leaves the damaged part behind.
        throw new IllegalStateException("the request log is damaged", e);
      }
      return;
    } catch (RuntimeException | Error e) {
      PendingWrite.refuse(group, STOPPING);
      throw e;
    }
    applier.apply(group, lastPosition);
  }

  private void append(List<PendingWrite> group) throws UnavailableException {
    discardUnconfirmed();
    var entries = new ArrayList<RequestLog.Entry>(group.size());
    var position = lastPosition;
    for (var pending : group) {
      entries.add(
          new RequestLog.Entry(
              ++position, pending.format(), pending.batch().size(), pending.body()));
    }
    log.append(segment, entries);
    lastPosition = position;
    discarded = false;
  }

  /**
   * Entries of a commit that was not confirmed may be there. Their requests were refused: they must
   * not come back at the next start.
   */
  private void discardUnconfirmed() throws UnavailableException {
    if (unconfirmed) {
      log.discardAfter(segment, lastPosition);
      unconfirmed = false;
      discarded = true;
    }
  }

  /**
   * Samples that are worth a sealing: enough for good chunks of the series that they are of, but no
   * more, since a start after a crash plays all of them again.
   */
  private long enough() {
    return Math.min(sealSamples, Math.max(MIN_SEALED, SAMPLES_A_SERIES * heads.changed()));
  }

  /** Whether nothing in the log is unconfirmed: a cut would leave it behind in its segment. */
  private boolean isSettled() {
    try {
      discardUnconfirmed();
      return true;
    } catch (UnavailableException e) {
      // The next request or second tries again, and sealing could do nothing now either.
      return false;
    }
  }

  private void cutIfDue() throws InterruptedException {
    // Both asked each time, since they throw if nothing will be applied or sealed any more.
    applier.check();
    // In this order: sealing is busy before a cut counts as handed over. The other way round, one
    // that is handed over between the two looks would be seen by neither, and the next cut would
    // go back to the segment that is about to be emptied.
    var cutting = applier.isCutting();
    if (!sealing.isFree() || cutting) {
      return;
    }
    var due =
        cutWanted
            || heads.unsealed() >= enough()
            || (heads.unsealed() > 0 && System.nanoTime() - lastCut > sealNanos);
    if (!due || !isSettled()) {
      return;
    }
    cutWanted = false;
    lastCut = System.nanoTime();
    // Where the other segment has entries still, the same one is gone on with.
    if (!discarded && (otherEmpty || sealing.hasEmptied())) {
      segment = 1 - segment;
    }
    otherEmpty = false;
    applier.cut(lastPosition, 1 - segment);
  }
}
