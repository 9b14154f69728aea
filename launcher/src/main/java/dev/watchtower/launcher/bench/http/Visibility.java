package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.SeriesLoad;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long it takes until a query sees a sample whose write was answered: one sample is written,
 * and once that is answered an instant query is asked again and again until it names that sample's
 * time. The time of the query that sees it counts.
 */
final class Visibility {
  private static final int WARM_UP = 20;
  private static final int MEASURED = 100;

  /** What one sample may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What all may take; a system that shows samples only every few seconds has fewer. */
  private static final Duration ALL = Duration.ofSeconds(60);

  /** Apart from the series of the other questions. */
  private static final int ZONE = 99;

  /** VictoriaMetrics does not show what is younger than 30 s, so nothing is. */
  private static final long AGE_MILLIS = 60_000;

  private static final long INTERVAL = 1_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final WriteTarget target;

  Visibility(WriteTarget target) {
    this.target = target;
  }

  /**
   * Measures.
   *
   * @param now milliseconds since the epoch
   */
  Latencies measure(long now) throws IOException {
    long first = now - AGE_MILLIS - (WARM_UP + MEASURED) * INTERVAL;
    var load = new SeriesLoad(ZONE, 1, first, INTERVAL);
    var path =
        "/api/v1/query?time=%d&query=%s"
            .formatted(
                (now - AGE_MILLIS) / 1000,
                URLEncoder.encode(
                    "timestamp(%s{%s=\"zone-%d\"})"
                        .formatted(SeriesLoad.metrics().getFirst(), SeriesLoad.CONNECTION, ZONE),
                    StandardCharsets.UTF_8));
    var seen = new ArrayList<Duration>();
    long until = System.nanoTime() + ALL.toNanos();
    var token = target.token();
    try (var connection = new WriteConnection(target.port(), target.path(), () -> token)) {
      for (int i = 0; i < WARM_UP + MEASURED; i++) {
        connection.send(WriteConnection.compressed(load.body(1)));
        long answered = System.nanoTime();
        awaitSample(path, (first + i * INTERVAL) / 1000.0, answered);
        long took = System.nanoTime() - answered;
        // Who is slow has no warm-up that would matter.
        if (i >= WARM_UP || took > Duration.ofSeconds(1).toNanos()) {
          seen.add(Duration.ofNanos(took));
        }
        if (System.nanoTime() > until && !seen.isEmpty()) {
          break;
        }
      }
    }
    return new Latencies(seen);
  }

  private void awaitSample(String path, double seconds, long since) throws IOException {
    while (true) {
      var result = JSON.readTree(target.fetch(path)).path("data").path("result");
      var newest = result.path(0).path("value").path(1).asString("0");
      if (Double.parseDouble(newest) >= seconds) {
        return;
      }
      if (System.nanoTime() - since > PATIENCE.toNanos()) {
        throw new Refusal(target.name() + " does not show what it took within " + PATIENCE + ".");
      }
    }
  }
}
