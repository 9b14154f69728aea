package dev.watchtower.ingest.detection.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The catalog is saved with an SLO that cannot be read. */
class SloBoardTest {
  private static final long NOON = 1_772_452_800_000L;
  private static final long MINUTE = 60_000;

  private final ServiceRegistry services = new ServiceRegistry();
  private final SloBoard board = new SloBoard(services);

  private static Slo slo(String name, String bad) {
    return new Slo(
        name,
        name,
        "pay",
        "prod",
        0.99,
        Duration.ofDays(30),
        new Slo.Events(null, bad, "sum(requests)", Duration.ofMinutes(1)),
        null,
        0);
  }

  @Test
  void oneThatCannotBeReadGoesOnAsItWas() {
    board.take(List.of(slo("answers", "sum(bad)")));
    SloTracker tracker = board.find("answers").orElseThrow();
    board.complete(tracker);

    board.take(List.of(slo("answers", "sum(other")));

    assertThat(board.find("answers")).containsSame(tracker);
    assertThat(board.isComplete(tracker)).isTrue();
    assertThat(board.reads("bad")).isTrue();
    assertThat(board.faults())
        .singleElement()
        .asString()
        .startsWith("slos.answers: ")
        .endsWith("; until it can be read it goes on as it was");

    board.take(List.of(slo("answers", "sum(other)")));
    assertThat(board.find("answers")).get().isNotSameAs(tracker);
    assertThat(board.isComplete(board.find("answers").orElseThrow())).isFalse();
    assertThat(board.faults()).isEmpty();
  }

  /** The only SLO, whose metrics have samples up to noon. */
  private SloTracker countedUpToNoon() {
    board.take(List.of(slo("answers", "sum(bad)")));
    SloTracker tracker = board.find("answers").orElseThrow();
    for (long minute = NOON / MINUTE - 30; minute < NOON / MINUTE; minute++) {
      tracker.append(minute, new Counts(10, 10));
    }
    return tracker;
  }

  @Test
  void isAsOfTheTimeOfItsServiceThoughOthersSendTheMetricsLater() {
    SloTracker tracker = countedUpToNoon();
    services.recall(
        List.of(new Freshness.LastSample("pay", "prod", Instant.ofEpochMilli(NOON - 6 * MINUTE))),
        NOON);

    assertThat(board.status(tracker, NOON).asOf())
        .isEqualTo(Instant.ofEpochMilli(board.timeOf(tracker, NOON)))
        .isEqualTo(Instant.ofEpochMilli(NOON - 6 * MINUTE));
  }

  @Test
  void isAsOfWhereItsWindowsEndWhenItsMetricsAreSilent() {
    SloTracker tracker = countedUpToNoon();

    assertThat(board.status(tracker, NOON + 20_000).asOf())
        .as("as new as its samples")
        .isEqualTo(Instant.ofEpochMilli(NOON));
    SloStatus later = board.status(tracker, NOON + 20 * MINUTE);
    assertThat(later.asOf()).isEqualTo(Instant.ofEpochMilli(NOON + 20 * MINUTE));
    assertThat(later.burnRates().getFirst().shortBurnRate()).as("5m without events").isNull();
  }

  @Test
  void oneThatCouldNeverBeReadIsLeftOut() {
    board.take(List.of(slo("answers", "sum(bad"), slo("pages", "sum(bad)")));

    assertThat(board.all()).singleElement().isSameAs(board.find("pages").orElseThrow());
    assertThat(board.faults()).singleElement().asString().doesNotContain("as it was");
  }
}
