package dev.watchtower.ingest.query;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Threads for what computes long. Requests run on virtual threads, of which only as many at a time
 * as there are processors get on, until they wait for something: one that computes holds up all
 * other requests. These threads the operating system lets take turns with them. Thread-safe.
 */
public final class ComputingThreads {
  private static final long KEPT_SECONDS = 60;

  private final ThreadPoolExecutor threads;

  /**
   * @param name of the threads, with a number behind it
   * @param most threads; what comes beyond waits for one
   */
  public ComputingThreads(String name, int most) {
    threads =
        new ThreadPoolExecutor(
            most,
            most,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Computes something and waits for it, also when interrupted: what it holds can be given back
   * only when it has ended. Throws what {@code compute} throws.
   */
  public <T> T call(Supplier<T> compute) {
    try {
      return CompletableFuture.supplyAsync(compute, threads).join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw e;
      }
    }
  }
}
