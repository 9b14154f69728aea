package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.ERRORS;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
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
  void goesOnWithTheRuleAsItWasWhileItCannotBeRead() {
    RuleBook good =
        new RuleBook(List.of(rule("full", SignalKind.THRESHOLD, null, "depth > 100", 0, 0, 0)));
    List<Catalog.Rule> typo =
        List.of(rule("full", SignalKind.THRESHOLD, null, "depth > > 100", 0, 0, 0));
    RuleBook.ExpressionRule full = good.onExpressions().get("full");
    Detector detector = new Detector(good);
    List<Detected> fired =
        detector.onVector(
            full, 1_000, List.of(new Value.Sample(Labels.of("service", "shop"), 150)));
    assertThat(fired).hasSize(1);

    RuleBook book = new RuleBook(typo, List.of(), good);

    assertThat(book.faults())
        .singleElement()
        .asString()
        .startsWith("rules.full: 1:9: parse error")
        .endsWith("; until it can be read it goes on as it was");
    assertThat(book.onExpressions().get("full")).isEqualTo(full);
    assertThat(detector.take(book, 2_000)).isEmpty();
    RuleBook again = new RuleBook(typo, List.of(), book);
    assertThat(again.onExpressions().get("full")).as("a second time").isEqualTo(full);
    // After a restart nobody knows how it was; what fires is not over for that.
    RuleBook restarted = new RuleBook(typo, List.of());
    Detector other = new Detector(restarted);
    other.restore(fired);
    assertThat(other.take(restarted, 3_000)).isEmpty();
    assertThat(other.take(new RuleBook(List.of()), 4_000)).as("taken out").hasSize(1);
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
