package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.ingest.RunningIngest;
import dev.watchtower.ingest.detection.jdbc.FiringSignals;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The clock of the whole service is ahead, and so is its sender's, by more than the out-of-order
 * window.
 */
@DirtiesContext
class ClockPutBackIT extends RunningIngest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final PostgresSupport.Db OWN = PostgresSupport.database();
  private static final Ahead CLOCK = new Ahead();

  @Autowired private FiringSignals firing;

  /** Goes on all the time. */
  private static final class Ahead extends Clock {
    private final Clock right = realClock();
    private volatile Duration by = Duration.ofMinutes(60);

    @SystemEdge("detection runs on threads of its own")
    private static Clock realClock() {
      return Clock.systemUTC();
    }

    @Override
    public Instant instant() {
      return right.instant().plus(by);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new IllegalStateException("this clock stands in UTC only");
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class OwnClock {
    @Bean
    Clock clock() {
      return CLOCK;
    }
  }

  @DynamicPropertySource
  static void ownDatabase(DynamicPropertyRegistry registry) {
    OWN.register(registry);
  }

  private void send(double depth) {
    var batch = new SampleBatch();
    var labels = Labels.of("__name__", "queue_depth", "service", "shop", "env", "prod");
    var admitted = (SeriesTable.Admission.Admitted) storage.table().admit(labels);
    batch.add(admitted.head(), clock.millis(), depth);
    assertThat(storage.write(storage.table(), batch, BodyCodec.REMOTE_WRITE_1, null).stored())
        .isEqualTo(1);
  }

  private boolean isFiring() {
    return firing.load().stream().anyMatch(told -> told.signal().rule().equals("queue-full"));
  }

  @Test
  void whatFiresIsOverWithoutWaitingForTheClockToBeThereAgain() {
    await()
        .atMost(SOON)
        .until(() -> {
          send(200);
          return isFiring();
        });

    // All that was stamped by the clock that is ahead is heard.
    await().during(Duration.ofSeconds(2)).atMost(SOON).until(this::isFiring);
    CLOCK.by = Duration.ZERO;

    await()
        .atMost(SOON)
        .until(() -> {
          send(20);
          return !isFiring();
        });
  }
}
