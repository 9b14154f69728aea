package dev.watchtower.analysis.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.evidence.Telemetry.Calls;
import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Series;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final CallGraph SHOP =
      new CallGraph(
          List.of(
              new CallGraph.Edge("front", "cart"),
              new CallGraph.Edge("front", "ads"),
              new CallGraph.Edge("cart", "store")));

  private static Series series(String service) {
    return new Series(service, "call_time", new long[] {0}, new double[] {1}, Series.Unit.GOLDEN);
  }

  private static List<String> edges(Map<String, Calls> calls) {
    return Connections.edges(calls, SHOP).stream().map(e -> e.caller() + ">" + e.callee()).toList();
  }

  private static Calls working(String service) {
    return new Calls(Map.of(), series(service));
  }

  @Test
  void knowsAServiceByTheNameOfItsHost() {
    var front =
        new Calls(
            Map.of("cart.shop.svc", series("front"), "ads", series("front"), "x", series("front")),
            null);

    assertThat(edges(Map.of("front", front, "cart", working("cart"), "ads", working("ads"))))
        .containsExactlyInAnyOrder("front>cart", "front>ads");
  }

  @Test
  void knowsTheOnlyOneThatAServiceCallsWhateverItsHost() {
    var calls = new Calls(Map.of("127.0.0.1", series("x")), null);

    assertThat(edges(Map.of("cart", calls, "store", working("store"))))
        .containsExactly("cart>store");
    assertThat(edges(Map.of("front", calls, "cart", working("cart"), "ads", working("ads"))))
        .as("it calls two")
        .isEmpty();
    assertThat(edges(Map.of("cart", calls))).as("the other end is not known").isEmpty();
  }
}
