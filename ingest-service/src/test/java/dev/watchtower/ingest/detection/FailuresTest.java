package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailuresTest {
  private final Failures failures = new Failures();

  @Test
  void countsEachAsFailingUntilItHasWorkedItself() {
    assertThat(failures.failed("rules.a", "many to many")).isTrue();
    for (int i = 0; i < 3; i++) {
      failures.worked("services.shop (prod)");
      assertThat(failures.failed("rules.a", "many to many")).as("said already").isFalse();
    }

    assertThat(failures.told()).containsExactly("rules.a: many to many");
    failures.worked("rules.a");
    assertThat(failures.told()).isEmpty();
    assertThat(failures.failed("rules.a", "many to many")).as("it has worked").isTrue();
  }

  @Test
  void isWorthOneLineInTheLogWhateverFailsForTheSameReason() {
    assertThat(failures.failed("services.a (prod)", "no answer")).isTrue();
    assertThat(failures.failed("services.b (prod)", "no answer")).isFalse();
    assertThat(failures.failed("services.a (prod)", "too many")).isTrue();
    failures.worked("services.a (prod)");

    assertThat(failures.failed("services.c (prod)", "no answer")).isFalse();
    assertThat(failures.failed("services.c (prod)", "too many")).isTrue();
  }

  @Test
  void tellsTwentyAndHowManyMore() {
    for (int i = 10; i < 35; i++) {
      failures.failed("services." + i, "no answer");
    }
    failures.failed("rules.z", "wrong");

    assertThat(failures.told())
        .hasSize(21)
        .startsWith("rules.z: wrong", "services.10: no answer")
        .endsWith("and 6 more");
    failures.keep(what -> what.startsWith("rules."));
    assertThat(failures.told()).containsExactly("rules.z: wrong");
  }
}
