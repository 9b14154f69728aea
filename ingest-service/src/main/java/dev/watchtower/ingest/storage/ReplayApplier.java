package dev.watchtower.ingest.storage;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Puts batches into the heads in the order in which they are given, on a thread of its own, while
 * the next ones are read. For one caller.
 */
final class ReplayApplier implements AutoCloseable {
  /** Batches that may wait; with more, the reader waits. */
  private static final int MAX_WAITING = 16;

  private static final long LOOK_MILLIS = 100;

  private final Function<SampleBatch, WriteResult> heads;

  /** Ended by an empty one. */
  private final BlockingQueue<Optional<SampleBatch>> waiting =
      new ArrayBlockingQueue<>(MAX_WAITING);

  private final CompletableFuture<Long> stored = new CompletableFuture<>();
  private final Thread thread;

  /**
   * @param heads what puts a batch into them
   */
  ReplayApplier(Function<SampleBatch, WriteResult> heads) {
    this.heads = heads;
    this.thread = Thread.ofPlatform().daemon().name("storage-replay").start(this::run);
  }

  private void run() {
    var samples = 0L;
    try {
      while (true) {
        var next = waiting.take();
        if (next.isEmpty()) {
          stored.complete(samples);
          return;
        }
        samples += heads.apply(next.get()).stored();
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      // Whatever it is: who reads the log waits for room, or for the end.
      stored.completeExceptionally(e);
    }
  }

  /**
   * The next batch; waits while too many do.
   *
   * @throws IllegalStateException if one before could not be applied
   */
  void apply(SampleBatch batch) {
    hand(Optional.of(batch));
  }

  /**
   * Returns when all is applied.
   *
   * @return how many samples were stored
   */
  long finish() {
    hand(Optional.empty());
    return result();
  }

  private void hand(Optional<SampleBatch> batch) {
    try {
      while (!waiting.offer(batch, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (stored.isDone()) {
          var unused = result();
          throw new IllegalStateException("the replay has ended");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while the log was played", e);
    }
  }

  private long result() {
    try {
      return stored.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("the log could not be played again", e.getCause());
    }
  }

  /** Stops it where it is. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
