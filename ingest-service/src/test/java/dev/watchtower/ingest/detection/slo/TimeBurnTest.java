package dev.watchtower.ingest.detection.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Burn rates of good time, whose looks are few. All is good for four days, then all is bad. */
class TimeBurnTest {
  private static final long START = 1_800_000;
  private static final long TURN = START + 4 * 86_400;

  private final HandMadeStore store = new HandMadeStore();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);

  private static Catalog.Rule rule(double minTraffic) {
    return new Catalog.Rule(
        "burn",
        SignalKind.BURN_RATE,
        null,
        null,
        null,
        null,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Severity.SEV2,
        List.of("*"),
        List.of("*"),
        minTraffic,
        null,
        null,
        null,
        new Catalog.Rule.BurnRate(List.of("*"), Severity.SEV4),
        null);
  }

  private static Slo slo(Duration step, int days) {
    return new Slo(
        "fast",
        "Fast",
        "pay",
        "prod",
        0.95,
        Duration.ofDays(days),
        new Slo.Time("latency", "<", 0.5, step),
        null,
        0);
  }

  /** What is told in the hours after the turn, looked at as often as said, from its beginning. */
  private List<String> told(Catalog.Rule rule, Slo slo, long firstMillis, long everyMillis) {
    SloTracker tracker = new SloTracker(new SloMeter(slo));
    Detector detector = new Detector(new RuleBook(List.of(rule), List.of(slo)));
    long bucket = tracker.meter().bucketMillis();
    double looks = (double) bucket / ((Slo.Time) slo.indicator()).step().toMillis();
    for (long end = START * 1000 + bucket; end <= TURN * 1000; end += bucket) {
      tracker.append(end / bucket - 1, new Counts(looks, looks));
    }
    List<String> told = new ArrayList<>();
    for (long at = TURN * 1000 + firstMillis; at <= (TURN + 6 * 3_600) * 1000; at += everyMillis) {
      tracker.refresh(engine, at - everyMillis, at);
      long millis = at;
      detector
          .onFindings(rule, BurnRateRules.findings(rule, tracker.read(at), "x"))
          .forEach(d ->
              told.add(
                  "%s %s after %d min"
                      .formatted(
                          d.signal().status(),
                          d.labels().get(RuleBook.TIER),
                          millis / 60_000 - TURN / 60)));
    }
    return told;
  }

  private void allBad() {
    for (long s = -3_600; s <= 6 * 3_600; s += 30) {
      store.add("latency{service=\"pay\"}", TURN + s, s <= 0 ? 0.1 : 0.9);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT30S, 30, 1h after 4",
    "PT1M, 30, 1h after 44",
    "PT3M, 30, 1h after 45",
    "PT5M, 30, 1h after 45",
    "PT7M, 30, 1h after",
    "PT10M, 30, 1h after 50",
    "PT20M, 30, 1h after 60",
    "PT1H, 30, 1h after 60",
    "PT1M, 1, 2m after 2"
  })
  void thePagesComeHoweverSeldomItIsLookedAt(Duration step, int days, String first) {
    allBad();
    Slo slo = slo(step, days);
    long bucket = new SloMeter(slo).bucketMillis();

    List<String> live = told(rule(0), slo, 7_123, 7_000);

    assertThat(live).singleElement().asString().startsWith("FIRING " + first);
    // A back-test looks at the ends of buckets.
    assertThat(told(rule(0), slo, bucket, bucket))
        .singleElement()
        .asString()
        .startsWith("FIRING " + first);
  }

  @Test
  void looksAreNoTraffic() {
    allBad();

    assertThat(told(rule(10), slo(Duration.ofSeconds(30), 30), 7_123, 7_000)).hasSize(1);
  }
}
