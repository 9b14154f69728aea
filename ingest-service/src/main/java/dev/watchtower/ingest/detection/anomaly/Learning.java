package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A service that learns its past on another thread, while detection goes on. What is heard of it
 * meanwhile is kept and learnt last. For the thread of detection.
 */
final class Learning {
  /** Of a service that takes longer the oldest are left out, as if they had not been sent. */
  private static final int MOST_MISSED = 256;

  private final ServiceKey key;
  private final CompletableFuture<WatchedService> result;
  private final Deque<SignalSnapshot> missed = new ArrayDeque<>();

  /** Has {@code learn} done by {@code executor}. */
  Learning(ServiceKey key, Supplier<WatchedService> learn, Executor executor) {
    this.key = key;
    this.result = CompletableFuture.supplyAsync(learn, executor);
  }

  ServiceKey key() {
    return key;
  }

  boolean isDone() {
    return result.isDone();
  }

  /** Keeps what is heard while it learns. */
  void miss(SignalSnapshot snapshot) {
    if (missed.size() == MOST_MISSED) {
      missed.removeFirst();
    }
    missed.add(snapshot);
  }

  /**
   * The service as it is now, once it {@link #isDone}.
   *
   * @param troubles of the service, also of the time since it began
   * @throws RuntimeException if its past could not be read
   */
  WatchedService learnt(List<Trouble> troubles) {
    WatchedService service;
    try {
      service = result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
    Fleet alone = new Fleet();
    for (SignalSnapshot snapshot : missed) {
      // Rules and other services hear of it from now on: before, it was not known.
      var unused = service.observe(snapshot, troubles, alone);
    }
    return service;
  }
}
