package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.PropertiesMeterFilter;

/** What a Spring Boot service shows to Prometheus, by its properties. */
class ScrapedMicrometerTest {
  private final SentMetrics sent = new SentMetrics();

  private static MetricsProperties properties(String name, String value) {
    return new Binder(new MapConfigurationPropertySource(Map.of(name, value)))
        .bindOrCreate("management.metrics", MetricsProperties.class);
  }

  /** Two minutes of requests that take 80 ms, scraped every 5 s. */
  private void run(MetricsProperties properties) {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(new PropertiesMeterFilter(properties));
    Timer requests = registry.timer("http.server.requests", "status", "200");
    for (int s = 0; s <= 120; s += 5) {
      for (int i = 0; i < 50; i++) {
        requests.record(Duration.ofMillis(80));
      }
      int second = s;
      registry.scrape().lines().filter(l -> !l.startsWith("#")).forEach(l -> scraped(l, second));
    }
  }

  private void scraped(String line, int second) {
    int end = line.lastIndexOf(' ');
    String series = line.substring(0, end).replace("{", "{job=\"checkout\",");
    sent.sendOne(series, second, Double.parseDouble(line.substring(end + 1)));
  }

  @ParameterizedTest
  @CsvSource({
    "management.metrics.distribution.percentiles-histogram.http.server.requests, true",
    "management.metrics.distribution.slo.http.server.requests, '50ms,100ms,500ms'",
  })
  void hasLatencyWhereItHasBuckets(String name, String value) {
    run(properties(name, value));

    Map<String, Double> signals = sent.signals("checkout", "default", 120);
    assertThat(signals.get("traffic")).isBetween(9.9, 10.1);
    assertThat(signals.get("latency_p95")).isBetween(0.05, 0.1);
  }

  @ParameterizedTest
  @CsvSource({"management.metrics.enable.http.server.requests, true"})
  void hasNoneWithoutThem(String name, String value) {
    run(properties(name, value));

    Map<String, Double> signals = sent.signals("checkout", "default", 120);
    assertThat(signals.get("traffic")).isBetween(9.9, 10.1);
    assertThat(signals.get("latency_p95")).isNull();
  }
}
