package dev.watchtower.launcher.bench.http;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;

/** Sends load files, each on a connection of its own, all at the same time. */
final class WriteLoad {
  private static final int TOKEN_FOR = 100;

  private final List<LoadFile> files;
  private final AtomicIntegerArray acknowledged;

  WriteLoad(List<LoadFile> files) {
    this.files = List.copyOf(files);
    this.acknowledged = new AtomicIntegerArray(files.size());
  }

  /**
   * What was measured.
   *
   * @param took from the first request behind the warm-up to the last answer
   */
  record Result(Duration took, List<Duration> latencies) {}

  /** Requests of connection {@code i} that were acknowledged so far. */
  int acknowledged(int i) {
    return acknowledged.get(i);
  }

  /** Requests that were acknowledged so far. */
  int acknowledged() {
    int sum = 0;
    for (int i = 0; i < files.size(); i++) {
      sum += acknowledged.get(i);
    }
    return sum;
  }

  /**
   * Sends everything.
   *
   * @param warmUp first requests of each connection, which are not measured
   * @param warm called once when all connections are through the warm-up and stand still
   * @throws IOException if a request is not acknowledged
   */
  Result run(int port, String path, Supplier<String> tokens, int warmUp, Runnable warm)
      throws IOException, InterruptedException {
    var warmed = new CountDownLatch(files.size());
    var go = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(files.size())) {
      var running = new ArrayList<Future<List<Duration>>>();
      for (int i = 0; i < files.size(); i++) {
        int connection = i;
        running.add(threads.submit(() -> one(connection, port, path, tokens, warmUp, warmed, go)));
      }
      while (!warmed.await(100, TimeUnit.MILLISECONDS)) {
        if (running.stream().anyMatch(Future::isDone)) {
          break;
        }
      }
      warm.run();
      long begin = System.nanoTime();
      go.countDown();
      var latencies = new ArrayList<Duration>();
      try {
        for (var one : running) {
          latencies.addAll(one.get());
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw new IOException("a connection failed: " + e.getMessage(), e);
      }
      return new Result(Duration.ofNanos(System.nanoTime() - begin), latencies);
    }
  }

  private List<Duration> one(
      int connection,
      int port,
      String path,
      Supplier<String> tokens,
      int warmUp,
      CountDownLatch warmed,
      CountDownLatch go)
      throws IOException, InterruptedException {
    var file = files.get(connection);
    var latencies = new ArrayList<Duration>(file.bodies());
    var token = new String[] {""};
    try (var bodies = file.open();
        var to = new WriteConnection(port, path, () -> token[0])) {
      for (int i = 0; i < file.bodies(); i++) {
        if (i == warmUp) {
          warmed.countDown();
          go.await();
        }
        if (i % TOKEN_FOR == 0) {
          token[0] = tokens.get();
        }
        long begin = System.nanoTime();
        to.send(bodies);
        acknowledged.incrementAndGet(connection);
        if (i >= warmUp) {
          latencies.add(Duration.ofNanos(System.nanoTime() - begin));
        }
      }
    } catch (EOFException e) {
      throw new IOException("connection " + connection + ": " + e.getMessage(), e);
    }
    return latencies;
  }
}
