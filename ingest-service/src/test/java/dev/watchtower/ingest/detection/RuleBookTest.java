package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.ERRORS;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleBookTest {
  @Test
  void leavesOutRulesThatItCannotRead() {
    RuleBook book =
        new RuleBook(
            List.of(
                ERRORS,
                rule("broken", SignalKind.THRESHOLD, null, "sum(", 0, 0, 0),
                rule("scalar", SignalKind.THRESHOLD, null, "1", 0, 0, 0),
                rule("probe", SignalKind.SERVICE_DOWN, null, null, 0, 0, 0)));

    assertThat(book.faults()).hasSize(3);
    assertThat(book.faults().getFirst()).startsWith("rules.broken: 1:5: parse error");
    assertThat(book.onSignals()).hasSize(1);
  }

  @Test
  void knowsWhichRulesNewSamplesConcern() {
    RuleBook book =
        new RuleBook(
            List.of(
                rule("a", SignalKind.THRESHOLD, null, "x / y > 1", 0, 0, 0),
                rule("b", SignalKind.THRESHOLD, null, "sum(rate(z[1m])) > 1", 0, 0, 0)));

    assertThat(book.concernedBy(java.util.Set.of("y"))).containsExactly("a");
    assertThat(book.concernedBy(java.util.Set.of("z", "other"))).containsExactly("b");
    assertThat(book.concernedBy(java.util.Set.of())).isEmpty();
    assertThat(book.reads("x")).isTrue();
    assertThat(book.reads("other")).isFalse();
  }
}
