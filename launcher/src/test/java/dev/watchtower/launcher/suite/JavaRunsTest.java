package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JavaRunsTest {
  @Test
  void givesIngestItsUsualHeapWhereNothingIsSaid() {
    assertThat(JavaRuns.ingestHeap(null)).isEqualTo("304m");
    assertThat(JavaRuns.ingestHeap(" ")).isEqualTo("304m");
  }

  @Test
  void takesMegabytesAndGigabytes() {
    assertThat(JavaRuns.ingestHeap("768m")).isEqualTo("768m");
    assertThat(JavaRuns.ingestHeap("2G")).isEqualTo("2g");
  }

  @ParameterizedTest
  @ValueSource(strings = {"64m", "2", "2t", "-1g", "1.5g", "m"})
  void refusesWhatIsNoHeap(String wanted) {
    assertThatThrownBy(() -> JavaRuns.ingestHeap(wanted))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(wanted)
        .hasMessageContaining("WATCHTOWER_INGEST_HEAP");
  }
}
