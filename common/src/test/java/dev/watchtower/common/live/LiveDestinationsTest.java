package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveDestinationsTest {
  private static final String ID = "00000000-0000-7000-8000-000000000abc";

  private final LiveDestinations all =
      LiveDestinations.of("/topic/metrics.{env}.{service}", "/topic/runs", "/topic/runs.{id}");
  private final LiveDestinations relayed =
      LiveDestinations.of("/topic/metrics.{env}.{service}", "/topic/runs")
          .oneByOne("/topic/runs.{id}");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/topic/runs",
        "/topic/runs." + ID,
        "/topic/metrics.prod.checkout",
        "/topic/metrics.prod.a.b\nc",
        "/topic/metrics.*",
        "/topic/metrics.prod.*",
        "/topic/met*"
      })
  void hasWhatIsSentAndPatternsForIt(String destination) {
    assertThat(all.has(destination)).isTrue();
    assertThat(relayed.has(destination)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*x",
        "/topic/run",
        "/topic/runs.",
        "/topic/runs.42",
        "/topic/runsX",
        "/topic/metrics.prod",
        "/topic/metricsXprod.checkout",
        "/queue/runs",
        "/topic/metric.*",
        "/topic/runs/*"
      })
  void hasNothingElse(String destination) {
    assertThat(all.has(destination)).isFalse();
    assertThat(relayed.has(destination)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "/topic/*", "/topic/runs*", "/topic/runs.*", "/topic/runs.0000*"})
  void noPatternStandsForWhatIsServedOneByOne(String pattern) {
    assertThat(all.has(pattern)).isTrue();
    assertThat(relayed.has(pattern)).isFalse();
  }
}
