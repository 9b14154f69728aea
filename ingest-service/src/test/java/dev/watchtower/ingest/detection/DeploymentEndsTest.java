package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.CHECKOUT;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What fires on a deployment that is never judged again. */
class DeploymentEndsTest {
  private static final Duration WATCH = Duration.ofMinutes(30);
  private static final Duration KEEP = Duration.ofMinutes(10);
  private static final long OVER = WATCH.plus(KEEP).plusMinutes(1).toSeconds();

  private final Catalog.Rule rule = rule(SignalKind.CHANGE);
  private final Detector detector = new Detector(new RuleBook(List.of(rule)));

  private static Catalog.Rule rule(SignalKind kind) {
    return new Catalog.Rule(
        "worse",
        kind,
        null,
        null,
        null,
        null,
        Duration.ZERO,
        KEEP,
        Duration.ofSeconds(30),
        Severity.SEV3,
        List.of("*"),
        List.of("*"),
        0,
        null,
        null,
        null,
        null,
        kind == SignalKind.CHANGE
            ? new Catalog.Rule.Deployment(WATCH, Duration.ZERO, Duration.ofMinutes(5), WATCH)
            : null);
  }

  private List<Detected> seen(Catalog.Rule by, Observation observation, long second) {
    return seen(by, observation, second, null);
  }

  private List<Detected> seen(
      Catalog.Rule by, Observation observation, long second, @Nullable Double value) {
    SignalEvidence evidence =
        new SignalEvidence(
            "latency",
            value,
            value == null ? null : 0.1,
            Instant.ofEpochSecond(second - 300),
            Instant.ofEpochSecond(second),
            Map.of());
    Finding finding =
        new Finding(
            CHECKOUT,
            Labels.of("event", "d1", "source", "ci"),
            observation,
            Severity.SEV3,
            "worse",
            evidence,
            second * 1000);
    return detector.onFindings(by, List.of(finding));
  }

  private List<String> at(long itsTime, long second) {
    return told(detector.endUnwatched(_ -> itsTime * 1000, second * 1000));
  }

  @Test
  void isOverAWhileAfterItsTime() {
    assertThat(told(seen(rule, Observation.BREACH, 1_000))).containsExactly("FIRING 1000");

    assertThat(at(1_000 + OVER, 1_000 + OVER)).isEmpty();
    assertThat(at(1_001 + OVER, 1_001 + OVER)).containsExactly("CLEARED " + (1_001 + OVER));
    assertThat(at(9_000 + OVER, 9_000 + OVER)).isEmpty();
  }

  @Test
  void isNotCutShortWhereItsRuleKeepsFiringAtTheEnd() {
    seen(rule, Observation.BREACH, 1_000);
    long fine = 1_000 + WATCH.toSeconds() + 30;
    assertThat(seen(rule, Observation.FINE, fine)).isEmpty();

    long last = fine + KEEP.toSeconds() - 1;
    assertThat(at(last, last)).isEmpty();
    assertThat(told(seen(rule, Observation.FINE, last + 1))).containsExactly("CLEARED " + fine);
  }

  @Test
  void endsWithWhatWasComparedLast() {
    seen(rule, Observation.BREACH, 1_000, 0.5);
    seen(rule, Observation.BREACH, 1_100, 0.4);
    assertThat(seen(rule, Observation.FINE, 1_200)).isEmpty();

    List<Detected> over = seen(rule, Observation.FINE, 1_200 + KEEP.toSeconds());
    assertThat(told(over)).containsExactly("CLEARED 1200");
    SignalEvidence evidence = over.getFirst().signal().evidence();
    assertThat(evidence.value()).isEqualTo(0.4);
    assertThat(evidence.to()).isEqualTo(Instant.ofEpochSecond(1_100));
  }

  @Test
  void isOverAfterARestartToo() {
    List<Detected> fired = seen(rule, Observation.BREACH, 1_000);
    Detector restarted = new Detector(detector.rules());
    restarted.restore(fired);

    List<Detected> over = restarted.endUnwatched(_ -> 1_000_000_000, 1_000_000_000);
    assertThat(told(over)).containsExactly("CLEARED 1000000");
    assertThat(over.getFirst().signal().fingerprint())
        .isEqualTo(fired.getFirst().signal().fingerprint());
    assertThat(over.getFirst().signal().summary()).contains("no longer watched");
  }

  @Test
  void goesOnByTheClockOfAServiceThatIsBehind() {
    seen(rule, Observation.BREACH, 1_000);

    assertThat(at(1_060, 50_000)).isEmpty();
    assertThat(detector.firing()).isEqualTo(1);
  }

  @Test
  void concernsNoOtherRule() {
    Catalog.Rule odd = rule(SignalKind.ANOMALY);
    detector.take(new RuleBook(List.of(odd)), 0);
    assertThat(seen(odd, Observation.BREACH, 1_000)).hasSize(1);

    assertThat(at(1_000_000, 1_000_000)).isEmpty();
  }
}
