package dev.watchtower.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SignalBoundsTest {
  private static final String ROCKET = "\ud83d\ude80";

  private static Signal signal(String service, String env, String summary, SignalEvidence why) {
    return new Signal(
        new UUID(1, 2),
        "fingerprint",
        SignalKind.THRESHOLD,
        SignalStatus.FIRING,
        "rule",
        service,
        env,
        Severity.SEV2,
        summary,
        Instant.EPOCH,
        why,
        null);
  }

  private static SignalEvidence evidence(String expression, Map<String, String> labels) {
    return new SignalEvidence(expression, 1.0, 2.0, Instant.EPOCH, Instant.EPOCH, labels);
  }

  @Test
  void leavesWhatIsWithinAsItIs() {
    var signal =
        signal(
            ROCKET.repeat(100),
            "prod",
            "a\nb",
            evidence("x".repeat(4_000), Map.of("l".repeat(200), "v\n".repeat(2_000))));

    assertThat(SignalBounds.fitted(signal)).isEqualTo(signal);
    assertThat(SignalBounds.fitted(signal(" a ", "b", "", null)))
        .isEqualTo(signal(" a ", "b", "", null));
  }

  @Test
  void cutsWhatIsLongerAndTearsNoPair() {
    var fitted =
        SignalBounds.fitted(
            signal(
                "s".repeat(2_048),
                "e" + ROCKET.repeat(100),
                "t".repeat(501),
                evidence("x".repeat(10_000), Map.of("l".repeat(300), "v".repeat(5_000)))));

    assertThat(fitted.service()).isEqualTo("s".repeat(199) + "…");
    assertThat(fitted.env()).isEqualTo("e" + ROCKET.repeat(99) + "…");
    assertThat(fitted.summary()).isEqualTo("t".repeat(499) + "…");
    assertThat(fitted.evidence())
        .isEqualTo(
            evidence(
                "x".repeat(3_999) + "…", Map.of("l".repeat(199) + "…", "v".repeat(3_999) + "…")));
    assertThat(SignalBounds.cut("ab" + ROCKET + "c", 4)).isEqualTo("ab…");
  }

  @Test
  void keepsTheFirstLabelsByName() {
    Map<String, String> labels = new HashMap<>();
    for (int i = 100; i < 300; i++) {
      labels.put("l" + i, "v" + i);
    }

    var kept = SignalBounds.fitted(signal("a", "b", "c", evidence("x", labels))).evidence();

    assertThat(kept).isNotNull();
    assertThat(kept.labels())
        .hasSize(64)
        .containsEntry("l100", "v100")
        .containsEntry("l163", "v163");
  }

  @Test
  void namesWhatIsBlankAndReplacesWhatIsNotStored() {
    var fitted =
        SignalBounds.fitted(
            signal(" ", "", "half \ud83d of it", evidence("a\0b", Map.of("n\0", "\ude80 and \n"))));

    assertThat(fitted.service()).isEqualTo("default");
    assertThat(fitted.env()).isEqualTo("default");
    assertThat(fitted.summary()).isEqualTo("half \ufffd of it");
    assertThat(fitted.evidence())
        .isEqualTo(evidence("a\ufffdb", Map.of("n\ufffd", "\ufffd and \n")));
  }
}
