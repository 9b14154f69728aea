package dev.watchtower.ingest.detection.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.golden.ServiceRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The catalog is saved with an SLO that cannot be read. */
class SloBoardTest {
  private final SloBoard board = new SloBoard(new ServiceRegistry());

  private static Slo slo(String name, String bad) {
    return new Slo(
        name,
        name,
        "pay",
        "prod",
        0.99,
        Duration.ofDays(30),
        new Slo.Events(null, bad, "sum(requests)", Duration.ofMinutes(1)),
        null,
        0);
  }

  @Test
  void oneThatCannotBeReadGoesOnAsItWas() {
    board.take(List.of(slo("answers", "sum(bad)")));
    SloTracker tracker = board.find("answers").orElseThrow();
    board.complete(tracker);

    board.take(List.of(slo("answers", "sum(other")));

    assertThat(board.find("answers")).containsSame(tracker);
    assertThat(board.isComplete(tracker)).isTrue();
    assertThat(board.reads("bad")).isTrue();
    assertThat(board.faults())
        .singleElement()
        .asString()
        .startsWith("slos.answers: ")
        .endsWith("; until it can be read it goes on as it was");

    board.take(List.of(slo("answers", "sum(other)")));
    assertThat(board.find("answers")).get().isNotSameAs(tracker);
    assertThat(board.isComplete(board.find("answers").orElseThrow())).isFalse();
    assertThat(board.faults()).isEmpty();
  }

  @Test
  void oneThatCouldNeverBeReadIsLeftOut() {
    board.take(List.of(slo("answers", "sum(bad"), slo("pages", "sum(bad)")));

    assertThat(board.all()).singleElement().isSameAs(board.find("pages").orElseThrow());
    assertThat(board.faults()).singleElement().asString().doesNotContain("as it was");
  }
}
