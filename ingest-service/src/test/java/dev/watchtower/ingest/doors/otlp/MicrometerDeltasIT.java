package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.storage.Refusal;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.registry.otlp.AggregationTemporality;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Micrometer's deltas over several steps, as its own registry sends them. */
class MicrometerDeltasIT extends IngestContext {
  /** What the page says of deltas: the last step is lost, and what is under way is added up. */
  @Test
  void deltasLoseTheLastStepAndAddUpWhatIsUnderWay() {
    var step = Duration.ofMinutes(1);
    var time = new Steps(clock.millis() - 3 * step.toMillis());
    var registry = new ByHand(deltas("delta-shop", step), time);
    var orders = registry.counter("orders");
    LongTaskTimer.builder("active").register(registry).start();
    orders.increment(3);
    for (var i = 0; i < 2; i++) {
      time.advance(step);
      registry.send();
      orders.increment(4 + i);
    }
    var conflicts = storage.counters().refused(Refusal.CONFLICT);

    registry.close();

    assertThat(last("orders_total", "delta-shop")).isEqualTo(3 + 4);
    assertThat(storage.counters().refused(Refusal.CONFLICT)).isGreaterThan(conflicts);
    assertThat(last("active_milliseconds_count", "delta-shop")).isEqualTo(2);
  }

  private OtlpConfig deltas(String service, Duration step) {
    return new OtlpConfig() {
      @Override
      public String get(String key) {
        return null;
      }

      @Override
      public String url() {
        return "http://127.0.0.1:" + port + "/v1/metrics";
      }

      @Override
      public Map<String, String> headers() {
        return Map.of("Authorization", "Bearer " + writeToken());
      }

      @Override
      public Duration step() {
        return step;
      }

      @Override
      public AggregationTemporality aggregationTemporality() {
        return AggregationTemporality.DELTA;
      }

      @Override
      public Map<String, String> resourceAttributes() {
        return Map.of("service.name", service);
      }
    };
  }

  private double last(String name, String service) {
    var found =
        store.select(
            List.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq(Labels.SERVICE, service)),
            Instant.EPOCH,
            clock.instant().plusSeconds(60),
            1);
    var samples = store.read(found.getFirst(), 0, clock.millis() + 60_000);
    return samples.value(samples.size() - 1);
  }

  /** Of time that a test moves from step to step. */
  private static final class Steps implements Clock {
    private long millis;

    Steps(long millis) {
      this.millis = millis;
    }

    void advance(Duration by) {
      millis += by.toMillis();
    }

    @Override
    public long wallTime() {
      return millis;
    }

    @Override
    public long monotonicTime() {
      return TimeUnit.MILLISECONDS.toNanos(millis);
    }
  }

  /** Sends when it is told to. */
  private static final class ByHand extends OtlpMeterRegistry {
    ByHand(OtlpConfig config, Clock clock) {
      super(config, clock);
    }

    @Override
    public void start(ThreadFactory threads) {
      // No thread of its own.
    }

    void send() {
      publish();
    }
  }
}
