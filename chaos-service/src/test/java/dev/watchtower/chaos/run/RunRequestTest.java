package dev.watchtower.chaos.run;

import static dev.watchtower.chaos.run.RunFixture.NOON;
import static dev.watchtower.chaos.run.RunFixture.checkoutErrors;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunRequestTest {
  @Test
  void takesWhatTheCatalogSays() {
    var run = ready(Map.of());

    assertThat(run.parameters()).isEqualTo(Map.of("ratio", 0.7));
    assertThat(run.endsAt()).isEqualTo(NOON.plus(Duration.ofMinutes(2)));
    assertThat(run.blind()).isTrue();
  }

  @Test
  void takesWhatTheCallerWantsDifferent() {
    var run = ready(Map.of("ratio", 0.2, "status", 503, "duration", "45s", "blind", false));

    assertThat(run.parameters()).isEqualTo(Map.of("ratio", 0.2, "status", 503));
    assertThat(ready(Map.of("status", 503.0)).parameters()).containsEntry("status", 503.0);
    assertThat(run.endsAt()).isEqualTo(NOON.plusSeconds(45));
    assertThat(run.blind()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0s", "2h", "soon", "-5s", "", "PT-5S", "PT-9223372036854775807S", "PT0.001S"})
  void refusesDurationsThatAreNone(String duration) {
    assertThat(wrong(Map.of("duration", duration))).containsExactly("overrides.duration");
  }

  @Test
  void namesEveryWrongParameter() {
    assertThat(wrong(Map.of("ratio", 1.5))).containsExactly("overrides.ratio");
    assertThat(wrong(Map.of("ratio", Double.NaN))).containsExactly("overrides.ratio");
    for (var none :
        List.of(500.5, 399, 600, Double.NaN, Double.POSITIVE_INFINITY, "503", true, List.of(503))) {
      assertThat(wrong(Map.of("status", none))).as("%s", none).containsExactly("overrides.status");
    }
    assertThat(wrong(Map.of("ratio", "half"))).containsExactly("overrides.ratio");
    assertThat(wrong(Map.of("millis", 5, "blind", "yes")))
        .containsExactlyInAnyOrder("overrides.millis", "overrides.blind");
  }

  private static Run ready(Map<String, Object> overrides) {
    return ((RunRequest.Result.Ready) of(overrides)).run();
  }

  private static List<String> wrong(Map<String, Object> overrides) {
    return ((RunRequest.Result.Wrong) of(overrides))
        .faults().stream().map(RunRequest.Fault::path).toList();
  }

  private static RunRequest.Result of(Map<String, Object> overrides) {
    return RunRequest.of(checkoutErrors(), overrides, UUID.randomUUID(), "ann", NOON);
  }
}
