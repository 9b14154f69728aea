package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.SeriesLoad;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps series flowing beside what is measured: each once a second, in twenty requests a second on
 * one connection, with the times of now.
 */
final class SteadyLoad implements AutoCloseable {
  private static final long ROUND_MILLIS = 1000;
  private static final int REQUESTS_A_ROUND = 20;

  private final int series;
  private final SeriesLoad load;
  private final WriteConnection connection;
  private final SnappyJavaCompressor compressor = new SnappyJavaCompressor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /**
   * Begins to send.
   *
   * @param series how many, a multiple of 20
   */
  SteadyLoad(int port, Supplier<String> token, int series, Clock clock) throws IOException {
    this.series = series;
    // A round behind, so that no sample is ahead of the clock.
    this.load = new SeriesLoad(0, series, clock.millis() - ROUND_MILLIS, ROUND_MILLIS);
    this.connection = new WriteConnection(port, "/api/v1/write", token);
    var unused =
        timer.scheduleAtFixedRate(
            this::send, 0, ROUND_MILLIS / REQUESTS_A_ROUND, TimeUnit.MILLISECONDS);
  }

  private void send() {
    if (failure.get() != null) {
      return;
    }
    try {
      var raw = load.body(series / REQUESTS_A_ROUND);
      var target = new byte[compressor.maxCompressedLength(raw.length)];
      int length = compressor.compress(raw, 0, raw.length, target, 0, target.length);
      connection.send(Arrays.copyOf(target, length));
    } catch (IOException e) {
      failure.set(e);
    }
  }

  /**
   * Whether it still flows.
   *
   * @throws IOException if a request was not acknowledged
   */
  void check() throws IOException {
    var failed = failure.get();
    if (failed != null) {
      throw new IOException("the load beside it failed: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() throws IOException {
    timer.shutdownNow();
    connection.close();
  }
}
