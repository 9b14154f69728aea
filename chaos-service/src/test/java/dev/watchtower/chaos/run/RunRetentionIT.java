package dev.watchtower.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.chaos.ChaosServiceApplication;
import dev.watchtower.common.catalog.Catalog.Experiment;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    classes = {ChaosServiceApplication.class, RunRetentionIT.TestClock.class},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class RunRetentionIT {
  static final MutableClock CLOCK = MutableClock.ofAFixedDay();
  static final TestKeys KEYS = new TestKeys();

  @Autowired private Runs runs;
  @Autowired private LazyMigration migration;

  @TestConfiguration(proxyBeanMethods = false)
  static class TestClock {
    @Bean
    @Primary
    Clock clock() {
      return CLOCK;
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    PostgresSupport.database().register(registry);
    KEYS.register(registry);
    registry.add("watchtower.catalog", () -> System.getenv("WATCHTOWER_CATALOG"));
  }

  @Test
  void removesOnceADayWhatIsLongOver() {
    await().atMost(Duration.ofSeconds(20)).until(migration::isReady);
    var now = CLOCK.instant();
    var old = kept("old", now.minus(Duration.ofDays(401)));
    var younger = kept("younger", now.minus(Duration.ofDays(398)));

    CLOCK.advance(Duration.ofHours(25));

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(runs.find(old)).isEmpty());
    assertThat(runs.find(younger)).isPresent();
  }

  private UUID kept(String service, Instant begin) {
    var experiment =
        new Experiment(
            "errors-of-" + service,
            service + " fails",
            "It is seen",
            "errors",
            service,
            "prod",
            "http://127.0.0.1:9",
            Map.of("ratio", 0.7),
            Duration.ofMinutes(2),
            false);
    var result = RunRequest.of(experiment, Map.of(), UUID.randomUUID(), "ann", begin);
    var run = ((RunRequest.Result.Ready) result).run();
    assertThat(runs.add(run)).isTrue();
    runs.update(run.ended(begin.plusSeconds(60), "its time was over"));
    return run.id();
  }
}
