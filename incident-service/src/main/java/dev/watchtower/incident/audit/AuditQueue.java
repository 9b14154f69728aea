package dev.watchtower.incident.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes deeds of many threads in few transactions: whoever comes first writes for all who wait
 * meanwhile, since there is one chain and each commit costs a round to the disk. Each caller
 * returns once its deed is stored. Thread-safe.
 */
public final class AuditQueue {
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_BATCH = 500;

  private record Waiting(Deed deed, CompletableFuture<Boolean> stored) {}

  private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
  private final ReentrantLock writing = new ReentrantLock();
  private final Consumer<List<Deed>> write;
  private final Duration patience;

  /**
   * A queue.
   *
   * @param write stores deeds in one transaction
   * @param patience how long a caller waits at most
   */
  public AuditQueue(Consumer<List<Deed>> write, Duration patience) {
    this.write = write;
    this.patience = patience;
  }

  /**
   * Stores a deed.
   *
   * @throws IllegalStateException if it could not be stored in time
   */
  public void append(Deed deed) {
    var mine = new Waiting(deed, new CompletableFuture<>());
    if (!waiting.offer(mine)) {
      throw new IllegalStateException("more than " + MAX_WAITING + " audit entries wait");
    }
    try {
      if (!writing.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw unstored(null);
      }
      try {
        while (!mine.stored().isDone()) {
          writeSome();
        }
      } finally {
        writing.unlock();
      }
      var unused = mine.stored().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw unstored(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unstored(e);
    }
  }

  private void writeSome() {
    var batch = new ArrayList<Waiting>();
    waiting.drainTo(batch, MAX_BATCH);
    try {
      write.accept(batch.stream().map(Waiting::deed).toList());
      batch.forEach(one -> one.stored().complete(true));
    } catch (RuntimeException | Error e) {
      // All of them are told; none of them is tried again, for its caller does not wait longer.
      batch.forEach(one -> one.stored().completeExceptionally(e));
      if (e instanceof Error error) {
        throw error;
      }
    }
  }

  private static IllegalStateException unstored(@Nullable Exception e) {
    return new IllegalStateException("the audit entry could not be stored", e);
  }
}
