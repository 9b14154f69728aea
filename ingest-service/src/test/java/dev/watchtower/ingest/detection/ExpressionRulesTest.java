package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.ServiceRegistry.Span;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.QueryLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionRulesTest {
  private static final String SERIES = "queue_depth{service=\"a\",env=\"prod\"}";
  private static final String OTHER = "queue_depth{service=\"b\",env=\"prod\"}";

  private final HandMadeStore store = new HandMadeStore();
  private final RuleTimes times = new RuleTimes();
  private final List<String> told = new ArrayList<>();
  private final List<SignalEvidence> evidence = new ArrayList<>();
  private RuleBook rules = queue(2);
  private long behind;
  private ExpressionRules looks = looks(QueryLimits.DEFAULT);

  private static RuleBook queue(int holdFor) {
    return of("queue_depth > 50", holdFor);
  }

  private static RuleBook of(String expression, int holdFor) {
    return new RuleBook(
        List.of(rule("queue", SignalKind.THRESHOLD, null, expression, holdFor, 0, 0)));
  }

  private ExpressionRules looks(QueryLimits limits) {
    times.follow(rules.onExpressions(), Long.MIN_VALUE);
    QueryEngine engine = new QueryEngine(store, limits, System::nanoTime);
    return new ExpressionRules(engine, new Detector(rules), times);
  }

  private void follow(RuleBook book) {
    rules = book;
    looks = looks(QueryLimits.DEFAULT);
  }

  private void look(long now) {
    List<Detected> detected =
        looks.look(
            rules.onExpressions().values().iterator().next(),
            false,
            () -> now * 1000 - behind,
            now * 1000);
    told.addAll(told(detected));
    detected.forEach(d -> evidence.add(d.signal().evidence()));
  }

  private void heard(long oldest, long newest, long now) {
    times.heard("queue", new Span(oldest * 1000, newest * 1000), now * 1000);
  }

  /** Samples of one request, each second, 90 in {@code [from, to)}; and a look. */
  private void request(String series, long first, long last, long from, long to, long now) {
    for (long at = first; at <= last; at++) {
      store.add(series, at, at >= from && at < to ? 90 : 10);
    }
    heard(first, last, now);
    look(now);
  }

  private void idle(long now) {
    assertThat(times.due(0, now * 1000)).containsExactly("queue");
    look(now);
  }

  /** The samples that came late have waited long enough. */
  private void due(long now) {
    assertThat(told).isEmpty();
    assertThat(times.due(0, (now - 1) * 1000)).isEmpty();
    idle(now);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 20, 12})
  void tellsTheSameOfOneRequestAsOfMany(int samples) {
    for (int first = 1000; first < 1060; first += samples) {
      request(SERIES, first, first + samples - 1, 1005, 1045, 1060);
    }
    due(1065);

    assertThat(told).containsExactly("FIRING 1005", "CLEARED 1045");
    assertThat(evidence).extracting(SignalEvidence::value).containsExactly(90.0, 10.0);
  }

  @Test
  void tellsTheValueThatIsFineAgain() {
    follow(of("sum by (service) (queue_depth) > 50", 0));
    for (long at = 1000; at <= 1010; at++) {
      request(SERIES, at, at, 1003, 1008, at);
    }

    assertThat(told).containsExactly("FIRING 1003", "CLEARED 1008");
    assertThat(evidence).extracting(SignalEvidence::value).containsExactly(90.0, 10.0);
    assertThat(evidence).extracting(SignalEvidence::threshold).containsExactly(50.0, 50.0);
  }

  @Test
  void tellsNoValueWhereThereIsNone() {
    follow(of("queue_depth > 50 and on () vector(1)", 0));
    for (long at = 1000; at <= 1010; at++) {
      request(SERIES, at, at, 1003, 1008, at);
    }

    assertThat(told).containsExactly("FIRING 1003", "CLEARED 1008");
    assertThat(evidence).extracting(SignalEvidence::value).containsExactly(90.0, null);
  }

  @Test
  void waitsForTheOthersOfSeveralRequests() {
    // Errors come first, in one request, and then what went well.
    follow(of("sum(bad) / sum(all) > 0.5", 0));
    for (long at = 1000; at < 1060; at++) {
      store.add("bad{service=\"a\",env=\"prod\"}", at, 10);
      store.add("all{service=\"a\",env=\"prod\",of=\"x\"}", at, 10);
    }
    heard(1000, 1059, 1060);
    look(1060);
    for (long at = 1000; at < 1060; at++) {
      store.add("all{service=\"a\",env=\"prod\",of=\"y\"}", at, 990);
    }
    heard(1000, 1059, 1061);
    look(1061);
    due(1065);

    assertThat(told).isEmpty();
  }

  @Test
  void doesNotWaitForASenderThatIsSteadilyBehind() {
    for (long at = 1000; at <= 1012; at++) {
      request(SERIES, at, at, 1003, 1011, at + 720);
    }

    assertThat(told).containsExactly("FIRING 1003", "CLEARED 1011");
  }

  @Test
  void tellsABreachThatWasOverWhenTheSamplesOfAnOutageCame() {
    request(SERIES, 1000, 1010, 0, 0, 1010);
    idle(1030);
    idle(1085);
    request(SERIES, 1011, 1050, 1020, 1046, 1086);
    request(SERIES, 1051, 1086, 0, 0, 1086);
    due(1091);

    assertThat(told).containsExactly("FIRING 1020", "CLEARED 1050");
    assertThat(looks.leftOut()).isZero();
  }

  @Test
  void tellsNothingTwiceThatTimeAloneHadEnded() {
    follow(of("count_over_time(queue_depth[10s]) > 5", 0));
    request(SERIES, 1000, 1010, 0, 0, 1010);
    idle(1070);
    assertThat(told).containsExactly("FIRING 1010", "CLEARED 1070");
    told.clear();
    // It was no outage of the service: its samples come late, and it stops before the idle look.
    request(SERIES, 1011, 1055, 0, 0, 1071);
    due(1076);

    assertThat(told).as("what the idle look ended is not begun before it").isEmpty();
    request(SERIES, 1056, 1080, 0, 0, 1081);
    due(1086);
    assertThat(told).as("goes on after it").containsExactly("FIRING 1070");
  }

  @Test
  void goesBackToNothingThatWasDecided() {
    for (long at = 1000; at <= 1030; at++) {
      request(SERIES, at, at, 1005, 1010, at);
    }
    assertThat(told).containsExactly("FIRING 1005", "CLEARED 1010");
    told.clear();

    request(OTHER, 1000, 1015, 1000, 1012, 1031);
    request(SERIES, 1032, 1032, 0, 0, 1032);

    assertThat(told).as("not the one that is over, nor the late one").isEmpty();
    assertThat(looks.leftOut()).as("and says so").isEqualTo(1);
  }

  @Test
  void looksAtFiveMinutesAtMost() {
    request(SERIES, 1000, 1900, 1000, 1100, 1900);
    due(1905);
    assertThat(told).isEmpty();
    assertThat(looks.leftOut()).isEqualTo(1);

    request(SERIES, 1901, 2200, 1901, 1950, 2200);
    due(2205);
    assertThat(told).containsExactly("FIRING 1905", "CLEARED 1950");
    assertThat(looks.leftOut()).isEqualTo(1);
  }

  @Test
  void isNotTakenForSilentByAnIdleLookWhereTheSenderIsBehind() {
    request(SERIES, 1000, 1000, 1000, 2000, 1720);
    request(SERIES, 1005, 1005, 1000, 2000, 1725);
    assertThat(told).containsExactly("FIRING 1000");
    idle(1740);
    assertThat(told).as("at 1020, by its clock").hasSize(1);
    request(SERIES, 1021, 1021, 0, 0, 1741);

    assertThat(told).containsExactly("FIRING 1000", "CLEARED 1021");
  }

  @Test
  void doesNotWaitForAClockThatWasPutBack() {
    request(SERIES, 1000, 1059, 1005, 1045, 4660);
    times.clockPutBack(1_060_000);
    due(1065);

    assertThat(told).containsExactly("FIRING 1005", "CLEARED 1045");
  }

  @Test
  void letsTimePassAfterAClockThatWasPutBack() {
    follow(of("absent_over_time(queue_depth[10s])", 0));
    request(SERIES, 1000, 1000, 0, 0, 4600);
    times.clockPutBack(1_000_000);
    assertThat(times.due(0, 1_000_000)).isEmpty();
    idle(1020);

    assertThat(told).containsExactly("FIRING 1020");
  }

  @Test
  void letsNoTimePassInAStandstill() {
    assertThat(times.anyIdle(1_000_000, 1_000_000)).as("never looked at").isTrue();
    request(SERIES, 1000, 1000, 1000, 2000, 1000);

    assertThat(times.due(1_060_000, 1_060_000)).isEmpty();
    assertThat(times.anyIdle(1_060_000, 1_074_000)).isFalse();
    assertThat(times.anyIdle(1_060_000, 1_075_000)).isTrue();
    assertThat(times.due(1_060_000, 1_075_000)).containsExactly("queue");
  }

  @Test
  void leavesToTheLifeBeforeWhatThatDecided() {
    times.decided(1_040_000);
    request(SERIES, 1000, 1060, 1005, 1030, 1060);
    due(1065);
    assertThat(told).isEmpty();

    request(SERIES, 1061, 1090, 1062, 1080, 1090);
    due(1095);
    assertThat(told).containsExactly("FIRING 1065", "CLEARED 1080");
  }

  @Test
  void decidesTheNewestWhereWhatCameLateIsTooMuch() {
    follow(of("sum_over_time(queue_depth[20s]) > 50", 0));
    looks = looks(new QueryLimits(Duration.ofSeconds(10), 40, 11_000));
    request(SERIES, 1000, 1060, 1000, 1061, 1060);
    due(1065);

    assertThat(told).containsExactly("FIRING 1060");
    assertThat(looks.leftOut()).isEqualTo(1);
  }

  @Test
  void goesBackToTheLateSamplesWhenItCanBeDecidedAgain() {
    follow(queue(0));
    ExpressionRules able = looks;
    looks = looks(new QueryLimits(Duration.ofSeconds(10), 1, 11_000));
    request(SERIES, 1000, 1060, 1005, 1030, 1060);
    assertThatThrownBy(() -> due(1065)).isInstanceOf(QueryException.class);
    looks = able;
    look(1066);

    assertThat(told).containsExactly("FIRING 1005", "CLEARED 1030");
  }

  @Test
  void coversWhatWasMissed() {
    request(SERIES, 1000, 1000, 0, 0, 1000);
    for (long at = 1001; at <= 1030; at++) {
      store.add(SERIES, at, at >= 1004 && at < 1020 ? 90 : 10);
    }
    times.missed();
    request(SERIES, 1031, 1031, 0, 0, 1031);
    due(1036);

    assertThat(told).containsExactly("FIRING 1005", "CLEARED 1020");
  }

  @Test
  void isNotHeldAtTheTimeOfAMetricThatItNoLongerAsksFor() {
    request(SERIES, 1000, 1000, 0, 0, 1000);
    follow(of("other > 50", 0));
    store.add("other{service=\"a\",env=\"prod\"}", 1500, 90);
    look(1500);

    assertThat(told).containsExactly("FIRING 1500");
  }

  @Test
  void keepsItsTimeWhereSomethingElseOfItChanges() {
    request(SERIES, 1000, 1000, 1000, 1001, 1000);
    follow(queue(60));
    look(1500);

    assertThat(times.next("queue", () -> 0, 1_500_000).at()).isEqualTo(1_000_000);
  }

  @Test
  void beginsAtTheTimeOfItsSendersThoughTheyAreBehind() {
    behind = 120_000;
    look(1_120);
    for (long at = 1_005; at <= 1_020; at += 5) {
      request(SERIES, at, at, 1_005, 1_015, at + 120);
    }

    assertThat(told).containsExactly("FIRING 1005", "CLEARED 1015");
  }

  @Test
  void looksAtNowWhereNothingWasHeard() {
    follow(of("absent(queue_depth)", 0));
    look(1000);

    assertThat(told).containsExactly("FIRING 1000");
  }

  @Test
  void knowsNothingOfOtherRules() {
    times.follow(rules.onExpressions(), 0);
    assertThat(times.next("other", () -> 4_000, 5_000).at()).isEqualTo(4_000);
    times.heard("other", new Span(0, 1), 2);
    assertThat(times.next("other", () -> 4_000, 6_000).at()).isEqualTo(4_000);
  }
}
