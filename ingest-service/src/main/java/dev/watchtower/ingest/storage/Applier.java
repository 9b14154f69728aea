package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts committed requests into the heads, in the order of the log and on a thread of its own, while
 * the next ones are committed; answers; and cuts the heads where it is told to.
 */
final class Applier implements AutoCloseable {
  /** Steps that may wait; with more, the commits wait. */
  private static final int MAX_STEPS = 4;

  private static final long LOOK_MILLIS = 100;

  private sealed interface Step {
    record Apply(List<PendingWrite> group, long through) implements Step {}

    record Cut(long through, int emptySegment) implements Step {}
  }

  private final HeadWriter heads;
  private final Sealing sealing;
  private final Consumer<AcceptedBatch> accepted;
  private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(MAX_STEPS);
  private final Thread thread;
  private volatile boolean cutting;
  private volatile long appliedThrough;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param applied log position up to which the heads have everything
   */
  Applier(HeadWriter heads, Sealing sealing, Consumer<AcceptedBatch> accepted, long applied) {
    this.heads = heads;
    this.sealing = sealing;
    this.accepted = accepted;
    this.appliedThrough = applied;
    this.thread = Thread.ofPlatform().daemon().name("storage-applier").start(this::run);
  }

  /**
   * The next group, committed. Waits while too much is to be done.
   *
   * @param through log position of its last request
   */
  void apply(List<PendingWrite> group, long through) throws InterruptedException {
    try {
      hand(new Step.Apply(group, through));
    } catch (InterruptedException | RuntimeException e) {
      PendingWrite.refuse(group, GroupCommit.STOPPING);
      throw e;
    }
  }

  /**
   * Cuts the heads behind everything that was handed over before; only while not {@link #isCutting}
   * and sealing is not busy.
   */
  void cut(long through, int emptySegment) throws InterruptedException {
    cutting = true;
    hand(new Step.Cut(through, emptySegment));
  }

  /** Whether a cut is asked for and not handed to sealing yet. */
  boolean isCutting() {
    return cutting;
  }

  /** Log position up to which everything is applied, and was given to the listeners. */
  long appliedThrough() {
    return appliedThrough;
  }

  private void hand(Step step) throws InterruptedException {
    do {
      var failed = failure;
      if (failed != null) {
        throw failed;
      }
    } while (!steps.offer(step, LOOK_MILLIS, TimeUnit.MILLISECONDS));
  }

  private void run() {
    try {
      while (true) {
        switch (steps.take()) {
          case Step.Apply(var group, var through) -> {
            apply(group);
            appliedThrough = through;
          }
          case Step.Cut(var through, var emptySegment) -> {
            sealing.seal(new Sealing.Cut(heads.cut(), through, emptySegment));
            cutting = false;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // The writer is told at its next step, and storage is opened anew.
      failure = new IllegalStateException("requests cannot be applied", e);
    }
  }

  private void apply(List<PendingWrite> group) {
    try {
      group.forEach(this::applied);
    } catch (Error e) {
      // Those that were applied before it have their answer.
      PendingWrite.refuse(group, GroupCommit.STOPPING);
      throw e;
    }
  }

  private void applied(PendingWrite write) {
    try {
      write.done().complete(apply(write.batch()));
    } catch (RuntimeException e) {
      write.done().completeExceptionally(e);
    } catch (Error e) {
      // It may be half applied; whoever waits learns that, and the log has it whole.
      write.done().completeExceptionally(e);
      throw e;
    }
  }

  private WriteResult apply(SampleBatch batch) {
    var result = heads.apply(batch);
    var size = batch.size();
    if (size > 0) {
      var series = new Series[size];
      for (var i = 0; i < size; i++) {
        series[i] = batch.head(i).series();
      }
      accepted.accept(new AcceptedBatch(series, batch.timestamps(), batch.values(), size));
    }
    return result;
  }

  /** Stops; what was not applied yet is refused, though it is in the log. */
  @Override
  public void close() {
    thread.interrupt();
    var rest = new ArrayList<Step>();
    steps.drainTo(rest);
    for (var step : rest) {
      if (step instanceof Step.Apply(var group, _)) {
        PendingWrite.refuse(group, GroupCommit.STOPPING);
      }
    }
  }
}
