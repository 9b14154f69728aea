package dev.watchtower.incident.signals.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignalChecksTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");
  private static final String ROCKETS = "\ud83d\ude80".repeat(6_000);

  private static Signal signal(String name) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      labels.put(i + name, name);
    }
    return new Signal(
        new UUID(1, 2),
        "f",
        SignalKind.BURN_RATE,
        SignalStatus.FIRING,
        "rule",
        name,
        name,
        Severity.SEV1,
        name,
        AT,
        new SignalEvidence(name, Double.NaN, Double.POSITIVE_INFINITY, AT, AT, labels),
        null);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "", "\0", "a\ud83d", "\u202e\n"})
  void takesTheWorstThatIsMadeToFit(String beginning) {
    for (var worst : new Signal[] {signal(beginning), signal(beginning + ROCKETS)}) {
      var fitted = SignalBounds.fitted(worst);

      assertThatThrownBy(() -> SignalChecks.checked(worst)).isInstanceOf(Problem.class);
      var checked = SignalChecks.checked(fitted);
      assertThat(checked)
          .usingRecursiveComparison()
          .ignoringFields("evidence.value", "evidence.threshold")
          .isEqualTo(fitted);
      assertThat(checked.evidence()).as("no finite numbers").isNotNull();
      assertThat(checked.evidence().value()).isNull();
      assertThat(checked.evidence().threshold()).isNull();
    }
  }

  @Test
  void namesTheFieldThatIsBeyond() {
    var fitted = SignalBounds.fitted(signal("a"));
    var longer =
        new Signal(
            fitted.id(),
            fitted.fingerprint(),
            fitted.kind(),
            fitted.status(),
            fitted.rule(),
            "s".repeat(SignalBounds.NAME + 1),
            fitted.env(),
            fitted.severity(),
            fitted.summary(),
            fitted.at(),
            fitted.evidence(),
            null);

    assertThatThrownBy(() -> SignalChecks.checked(longer))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.faults())
                    .extracting(Problem.Fault::path)
                    .containsExactly("service"));
  }
}
