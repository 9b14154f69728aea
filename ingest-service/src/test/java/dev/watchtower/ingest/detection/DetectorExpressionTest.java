package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DetectorExpressionTest {
  private static final Looked NOTHING = new Looked(List.of(), List.of(), List.of());

  @Nested
  class OnExpressions {
    private final HandMadeStore store = new HandMadeStore();
    private final QueryEngine engine =
        new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
    private final RuleBook rules =
        new RuleBook(
            List.of(rule("queue", SignalKind.THRESHOLD, null, "queue_depth > 100", 0, 0, 0)));
    private final Detector detector = new Detector(rules);

    private List<Detected> at(long second) {
      RuleBook.ExpressionRule rule = rules.onExpressions().get("queue");
      Value.Vector result = (Value.Vector) engine.instant(rule.expr(), second * 1000);
      return detector.onVector(rule, second * 1000, result.samples());
    }

    @Test
    void tellsEachSeriesByItself() {
      store.row("queue_depth{service=\"a\",env=\"prod\",queue=\"x\"}", 0, 10, 50, 150, 150, 20);
      store.row("queue_depth{service=\"a\",env=\"prod\",queue=\"y\"}", 0, 10, 50, 50, 150, 150);

      assertThat(at(0)).isEmpty();
      List<Detected> first = at(10);
      assertThat(told(first)).containsExactly("FIRING 10");
      assertThat(first.getFirst().signal().evidence().labels())
          .containsEntry("queue", "x")
          .doesNotContainKey("__name__");
      assertThat(first.getFirst().signal().evidence().threshold()).isEqualTo(100.0);
      assertThat(first.getFirst().signal().service()).isEqualTo("a");
      assertThat(told(at(20))).containsExactly("FIRING 20");
      List<Detected> over = at(30);
      assertThat(told(over)).containsExactly("CLEARED 30");
      assertThat(over.getFirst().signal().fingerprint())
          .isEqualTo(first.getFirst().signal().fingerprint());
    }

    @Test
    void namesNoLabelsWhereThereAreNone() {
      List<Value.Sample> sum = List.of(new Value.Sample(Labels.EMPTY, 150));

      List<Detected> fired = detector.onVector(rules.onExpressions().get("queue"), 1_000, sum);

      assertThat(fired.getFirst().signal().summary())
          .contains(": the value of default")
          .endsWith(" is 150.0, limit > 100");
    }

    @Test
    void boundsTheSeriesOfARule() {
      List<Value.Sample> many = new ArrayList<>();
      for (int i = 0; i < Detector.MAX_SERIES_PER_RULE + 5; i++) {
        many.add(new Value.Sample(Labels.of("i", "" + i), 200));
      }

      List<Detected> fired = detector.onVector(rules.onExpressions().get("queue"), 1_000, many);

      assertThat(fired).hasSize(Detector.MAX_SERIES_PER_RULE);
      assertThat(detector.overlooked()).containsExactly(Map.entry("queue", 5));
      assertThat(detector.faults())
          .containsExactly("rules.queue: 5 series in breach are not told, because 1000 are");
      assertThat(fired.getFirst().signal().service()).isEqualTo("default");
      detector.onVector(rules.onExpressions().get("queue"), 2_000, many.subList(0, 1_000));
      assertThat(detector.overlooked()).as("at present").isEmpty();
    }
  }

  @Nested
  class OnMoreSeriesThanARuleMayTell {
    private final RuleBook rules =
        new RuleBook(
            List.of(rule("queue", SignalKind.THRESHOLD, null, "queue_depth > 100", 0, 0, 0)));
    private final Detector detector = new Detector(rules);

    private List<Detected> at(long second, int from, int to) {
      List<Value.Sample> found =
          IntStream.range(from, to)
              .mapToObj(i -> new Value.Sample(Labels.of("i", "" + i), 200))
              .toList();
      return detector.onVector(rules.onExpressions().get("queue"), second * 1000, found);
    }

    @Test
    void thoseThatComeLaterAreLeftOutAlsoWhereTheyComeFirst() {
      assertThat(at(10, 1_000, 2_000)).hasSize(1_000);

      assertThat(at(20, 0, 2_000)).isEmpty();
      assertThat(detector.overlooked()).containsExactly(Map.entry("queue", 1_000));
      assertThat(detector.firing()).isEqualTo(1_000);
    }

    @Test
    void thereIsRoomAgainForAsManyAsAreOver() {
      at(10, 1_000, 2_000);

      assertThat(told(at(20, 0, 1_990))).hasSize(10).containsOnly("CLEARED 20");
      assertThat(told(at(30, 0, 1_990))).hasSize(10).containsOnly("FIRING 30");
      assertThat(detector.overlooked()).containsExactly(Map.entry("queue", 990));
    }
  }

  @Nested
  class OnExpressionsWithPatience {
    private final RuleBook rules =
        new RuleBook(
            List.of(rule("queue", SignalKind.THRESHOLD, null, "queue_depth > 100", 20, 15, 0)));
    private final Detector detector = new Detector(rules);

    private List<String> at(long second, double depth) {
      RuleBook.ExpressionRule rule = rules.onExpressions().get("queue");
      Labels labels = Labels.of("service", "a");
      return told(
          detector.onVector(
              rule,
              second * 1000,
              depth > 100 ? List.of(new Value.Sample(labels, depth)) : List.of()));
    }

    @Test
    void firesAndClearsAfterItsTimes() {
      assertThat(at(10, 150)).isEmpty();
      assertThat(at(20, 150)).isEmpty();
      assertThat(at(25, 50)).as("interrupted: it begins anew").isEmpty();
      assertThat(at(30, 150)).isEmpty();
      assertThat(at(49, 150)).isEmpty();
      assertThat(at(50, 150)).containsExactly("FIRING 30");
      assertThat(at(60, 50)).isEmpty();
      assertThat(at(70, 150)).as("keep-firing-for was not over").isEmpty();
      assertThat(at(80, 50)).isEmpty();
      assertThat(at(95, 50)).containsExactly("CLEARED 80");
    }

    @Test
    void goesOnWithWhatWasPendingBeforeAGapOfOurs() {
      RuleBook.ExpressionRule rule = rules.onExpressions().get("queue");
      at(10, 150);
      detector.clock(15_000, 14_000);

      assertThat(detector.onVector(rule, 15_000, NOTHING, true)).isEmpty();
      assertThat(at(30, 150)).containsExactly("FIRING 10");
    }

    @Test
    void endsItWhereItIsOverOnceAllWasHeardAgain() {
      RuleBook.ExpressionRule rule = rules.onExpressions().get("queue");
      at(10, 150);
      detector.clock(15_000, 14_000);
      detector.onVector(rule, 15_000, NOTHING, true);
      at(20, 50);

      assertThat(at(30, 150)).isEmpty();
    }

    @Test
    void decidesNothingForAnInstantThatIsOver() {
      at(10, 150);
      assertThat(at(30, 150)).containsExactly("FIRING 10");

      assertThat(at(20, 50)).isEmpty();
      assertThat(at(5, 50)).isEmpty();
      assertThat(at(40, 150)).isEmpty();
      assertThat(at(50, 50)).isEmpty();
      assertThat(at(45, 150)).as("late").isEmpty();
      assertThat(at(65, 50)).containsExactly("CLEARED 50");
    }
  }

  /** Rules that name where they look, on queries that sum the label away. */
  @Nested
  class OnSeriesWithoutALabel {
    private static final Labels OF_SERVICE = Labels.of("service", "a");

    private static RuleBook at(List<String> services, List<String> environments) {
      return new RuleBook(
          List.of(
              new Catalog.Rule(
                  "queue",
                  SignalKind.THRESHOLD,
                  null,
                  "sum by (service) (queue_depth) > 100",
                  null,
                  null,
                  Duration.ZERO,
                  Duration.ZERO,
                  Duration.ZERO,
                  Severity.SEV2,
                  services,
                  environments,
                  0,
                  null,
                  null)));
    }

    private static List<String> look(Detector detector, long second, Labels... found) {
      return detector
          .onVector(
              detector.rules().onExpressions().get("queue"),
              second * 1000,
              Stream.of(found).map(labels -> new Value.Sample(labels, 200)).toList())
          .stream()
          .map(d -> d.signal().status() + " " + d.signal().service() + " " + d.signal().env())
          .toList();
    }

    @Test
    void leavesNoneOutForALabelThatItHasNot() {
      Detector detector = new Detector(at(List.of("a", "b"), List.of("prod", "staging")));

      assertThat(look(detector, 10, OF_SERVICE, Labels.of("service", "c"), Labels.EMPTY))
          .containsExactly("FIRING a default", "FIRING default default");
      assertThat(look(detector, 20, Labels.of("service", "a", "env", "dev"), Labels.EMPTY))
          .containsExactly("CLEARED a default");
    }

    @Test
    void aSecondNameSwitchesNothingOff() {
      Detector detector = new Detector(at(List.of("*"), List.of("prod")));
      assertThat(look(detector, 10, OF_SERVICE)).containsExactly("FIRING a prod");

      detector.take(at(List.of("*"), List.of("prod", "staging")), 15_000);
      assertThat(look(detector, 20, OF_SERVICE))
          .containsExactly("FIRING a default", "CLEARED a prod");
      assertThat(detector.take(at(List.of("*"), List.of("prod", "staging", "dev")), 25_000))
          .isEmpty();
      assertThat(look(detector, 30, OF_SERVICE)).isEmpty();
    }
  }
}
