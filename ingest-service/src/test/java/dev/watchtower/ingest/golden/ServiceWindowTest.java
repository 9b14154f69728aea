package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the window of a service's rates is, by what it sends. */
class ServiceWindowTest {
  private final ServiceRegistry registry = new ServiceRegistry();

  @BeforeEach
  void watch() {
    registry.watch(Set.of("golden", "cpu", "requests")::contains, _ -> false);
  }

  private static Series of(long id, String metric, String instance) {
    return new Series(
        id, Labels.of("__name__", metric, "service", "shop", "env", "prod", "instance", instance));
  }

  /** It comes at once. */
  private void heard(Series series, long at) {
    registry.heard(
        new AcceptedBatch(new Series[] {series}, new long[] {at}, new double[] {1}, 1), at);
  }

  private ObservedService shop() {
    return registry.find(new ServiceKey("shop", "prod")).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"1,10", "3,10", "5,15", "10,30", "15,45", "30,90", "60,180", "600,300"})
  void widensTheWindowToThreeIntervalsOfTheSender(int interval, int window) {
    for (int i = 0; i < 20; i++) {
      heard(of(1, "golden", "a"), i * interval * 1000L);
      heard(of(2, "golden", "a"), i * interval * 1000L + 300);
    }

    assertThat(shop().windowMillis()).isEqualTo(window * 1000L);
  }

  /** Of a service that sends some each five seconds and the rest each minute. */
  @ParameterizedTest
  @CsvSource({"cpu,a,requests,a", "requests,a,requests,b"})
  void theWindowIsLongEnoughForWhatComesSeldom(
      String often, String here, String seldom, String there) {
    for (int second = 0; second <= 240; second += 5) {
      for (int series = 1; series <= 8; series++) {
        heard(of(series, often, here), second * 1000L);
      }
      if (second % 60 == 0) {
        heard(of(9, seldom, there), second * 1000L);
      }
    }
    assertThat(shop().windowMillis()).isEqualTo(180_000);

    for (int second = 245; second <= 2_400; second += 5) {
      for (int series = 1; series <= 8; series++) {
        heard(of(series, often, here), second * 1000L);
      }
    }
    assertThat(shop().windowMillis()).as("without the rest").isEqualTo(15_000);
  }

  @Test
  void whatComesOnlyWhenSomethingHappensDoesNotSayHowOftenItSends() {
    for (int second = 0; second <= 1_200; second += 10) {
      heard(of(1, "golden", "a"), second * 1000L);
      if (second % 170 < 30) {
        heard(of(2, "golden", "a"), second * 1000L);
      }
    }

    assertThat(shop().windowMillis()).isEqualTo(30_000);
  }

  @ParameterizedTest
  @CsvSource({"0;300;600", "0;7000", "0;300", "0;100;200;9000"})
  void sendersOfTheSameAreNotTakenForOneThatSendsMoreOften(String offsets) {
    for (int round = 0; round < 30; round++) {
      for (String offset : offsets.split(";")) {
        long at = round * 15_000L + Long.parseLong(offset);
        heard(of(1, "golden", "a"), at);
        if (round > 4) {
          assertThat(shop().windowMillis()).as("at " + at).isBetween(20_000L, 45_000L);
        }
      }
    }
  }

  @Test
  void theWindowIsNoShorterForAWhileAfterARestartWhereSomethingFires() {
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochMilli(99_000))), 100_000);
    shop().hadWindow(180_000);
    for (long at = 101_000; at < 2_000_000; at += 5_000) {
      heard(of(1, "golden", "a"), at);
      if (at < 400_000) {
        assertThat(shop().windowMillis()).as("at " + at).isEqualTo(180_000);
      }
    }
    assertThat(shop().windowMillis()).isEqualTo(15_000);
  }
}
