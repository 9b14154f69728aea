package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.CHECKOUT;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fires on a deployment that is never judged again. */
class DeploymentEndsTest {
  private static final Duration WATCH = Duration.ofMinutes(30);
  private static final long OVER = WATCH.plusMinutes(1).toSeconds();

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
        Duration.ofSeconds(30),
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
    Finding finding =
        new Finding(
            CHECKOUT,
            Labels.of("event", "d1", "source", "ci"),
            observation,
            Severity.SEV3,
            "worse",
            null,
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
