package dev.watchtower.analysis.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CallTimesTest {
  private static Series series(String service, long first, double... values) {
    long[] millis = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      millis[i] = first + 60_000L * i;
    }
    return new Series(service, "latency", millis, values, Series.Unit.UNKNOWN);
  }

  private static CallTimes.Edge edge(String caller, Series waited, Series worked) {
    return new CallTimes.Edge(caller, "back", waited, worked);
  }

  @Test
  void isWhatTheCallerWaitsLongerThanTheCalleeWorks() {
    var network =
        CallTimes.network(
            List.of(edge("a", series("a", 0, 5, 9, Double.NaN), series("back", 1_000, 4, 4, 4))));

    assertThat(network).hasSize(1);
    assertThat(network.getFirst().service()).isEqualTo("back");
    assertThat(network.getFirst().type()).isEqualTo(SignalType.NETWORK);
    assertThat(network.getFirst().values()).containsExactly(1, 5, Double.NaN);
  }

  @Test
  void countsOnlyWhatAllCallersSee() {
    var worked = series("back", 0, 1, 1);

    var network =
        CallTimes.network(
            List.of(
                edge("a", series("a", 0, 2, 9), worked), edge("b", series("b", 0, 2, 2), worked)));

    assertThat(network.getFirst().values()).containsExactly(1, 1);
  }

  @Test
  void takesNothingFromEndsThatWereNotSeenAtTheSameTime() {
    assertThat(CallTimes.network(List.of(edge("a", series("a", 0, 5), series("back", 200_000, 1)))))
        .isEmpty();
    assertThat(
            CallTimes.network(List.of(edge("a", series("a", 0, 1), series("back", 0, 5))))
                .getFirst()
                .values())
        .as("never less than nothing")
        .containsExactly(0);
  }
}
