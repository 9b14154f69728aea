package dev.watchtower.ingest.detection.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.series.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are seconds. */
class ListeningTest {
  private boolean answers = true;
  private long takes;
  private long now = 1_000;
  private long taken;
  private long lost;
  private final ServiceRegistry registry = new ServiceRegistry();
  private final Listening listening =
      new Listening(
          new Listening.Doors(this::answers, () -> taken, () -> lost),
          registry,
          this::millis,
          this::nanos);
  private final List<Catalog.Rule> rules = List.of(missing(30));
  private final Detector detector = new Detector(new RuleBook(rules));

  private boolean answers() {
    now += takes;
    return answers;
  }

  private long millis() {
    return now * 1_000;
  }

  private long nanos() {
    return now * 1_000_000_000;
  }

  static Catalog.Rule missing(int after) {
    return new Catalog.Rule(
        "silent",
        SignalKind.NO_DATA,
        null,
        null,
        null,
        null,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofSeconds(after),
        Severity.SEV3,
        List.of("*"),
        List.of("*"),
        0,
        null,
        null);
  }

  @ParameterizedTest
  @CsvSource({"30, 5", "3600, 5", "16, 4", "5, 2"})
  void aPauseThatIsShortForTheRuleChangesNothing(int after, int pause) {
    listening.follow(List.of(missing(after), missing(7_200)));
    listening.begin(millis(), 0);
    for (now += pause; now < 1_100; now += pause) {
      listening.look(millis());
    }

    assertThat(listening.since()).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @CsvSource({"30, 6", "3600, 6", "16, 5", "5, 3"})
  void aLongerOneIsAStandstill(int after, int pause) {
    listening.follow(List.of(missing(after), missing(7_200)));
    listening.begin(millis(), 0);
    now += pause;
    listening.look(millis());
    now += 1;
    listening.look(millis());

    assertThat(listening.since()).isEqualTo((1_000 + pause) * 1_000);
  }

  @Test
  void aLookWithATimeFromBeforeTheOthersChangesNothing() {
    listening.begin(millis(), 0);
    now += 5;
    listening.look(millis());
    listening.look(millis() - 5_000);
    now += 1;
    listening.look(millis());

    assertThat(listening.since()).isEqualTo(1_000_000);
  }

  @Test
  void aDatabaseThatAnswersAtOnceHasNothingDoubted() {
    listening.begin(millis(), 0);
    now += 1;
    takes = 1;
    listening.doubt();

    assertThat(listening.since()).isEqualTo(1_000_000);
  }

  @Test
  void oneThatDoesNotOrOnlyAfterAWhileMakesSilenceProveNothingUntilThen() {
    listening.begin(millis(), 0);
    answers = false;
    listening.doubt();
    assertThat(listening.since()).isEqualTo(1_000_000);
    now += 1;
    listening.doubt();
    assertThat(listening.since()).isEqualTo(1_001_000);
    answers = true;
    takes = 20;
    listening.doubt();

    assertThat(listening.since()).as("when it answered").isEqualTo(1_021_000);
  }

  /** A rule misses who is silent for half a minute; the shop was heard now. */
  private void beginToMissTheShop() {
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochSecond(now))), millis());
    listening.follow(rules);
    listening.begin(millis(), 0);
  }

  private List<Detected> missed() {
    return detector.onSilence(registry.all(), listening.since(), millis());
  }

  @Test
  void nobodyIsMissedForAStandstillButWhoIsStillSilentAfterwards() {
    beginToMissTheShop();
    List<Detected> told = List.of();
    for (now += 60; told.isEmpty(); now++) {
      listening.look(millis());
      told = missed();
    }

    assertThat(told.getFirst().signal().at()).isEqualTo(Instant.ofEpochSecond(1_090));
  }

  /** So many seconds, each of which some samples are taken and some sent away. */
  private void seconds(int count, int takenEach, int lostEach) {
    for (int i = 0; i < count; i++) {
      now++;
      taken += takenEach;
      lost += lostEach;
      listening.look(millis());
    }
  }

  @Test
  void doorsThatSendAllAwayAreAGapUntilTheyTakeSomethingAgain() {
    beginToMissTheShop();
    seconds(100, 5, 0);
    for (int i = 0; i < 20; i++) {
      // Senders try again now and then only.
      seconds(14, 0, 0);
      seconds(1, 0, 7);
      assertThat(listening.since()).isEqualTo(millis());
      assertThat(missed()).as("nobody is missed").isEmpty();
    }
    seconds(1, 5, 0);
    assertThat(listening.since()).isEqualTo(1_401_000);
    assertThat(listening.gap()).isEqualTo(301_000);
    seconds(29, 5, 0);
    assertThat(missed()).isEmpty();
    seconds(1, 5, 0);
    assertThat(missed()).as("who does not come back").hasSize(1);
  }

  @Test
  void someThatAreSentAwayAreNoGapWhileOthersAreTaken() {
    listening.begin(millis(), 0);
    seconds(100, 5, 5);
    seconds(4, 0, 5);
    seconds(100, 5, 5);
    assertThat(listening.since()).isEqualTo(1_000_000);
  }

  @Test
  void whoIsSentAwayOnceAndDoesNotComeAgainIsSilent() {
    beginToMissTheShop();
    seconds(100, 5, 0);
    seconds(1, 0, 7);
    seconds(88, 0, 0);
    assertThat(missed()).isEmpty();
    seconds(2, 0, 0);
    assertThat(missed()).hasSize(1);
  }

  @Test
  void aClockThatIsPutBackBeginsAnewAndIsToldOnce() {
    listening.begin(millis(), 0);
    seconds(100, 5, 0);
    now -= 50;
    assertThat(listening.look(millis())).isTrue();
    assertThat(listening.since()).isEqualTo(millis());
    now++;
    assertThat(listening.look(millis())).isFalse();
    now += 6;
    listening.look(millis());
    assertThat(listening.since()).as("a standstill is noticed").isEqualTo(millis());
  }

  @Test
  void thatNobodySendsIsNoGap() {
    listening.begin(millis(), 0);
    seconds(300, 0, 0);
    assertThat(listening.since()).isEqualTo(1_000_000);
  }

  @Test
  void anEmptyWindowSaysNothingInAGapAsLongAsAQuarterOfItAndForAWhileAfterwards() {
    Duration window = Duration.ofMinutes(2);
    Duration settling = Duration.ofMinutes(5);
    assertThat(listening.hides(window, settling)).as("nothing was heard yet").isTrue();
    listening.begin(millis(), 0);
    seconds(10, 1, 0);
    assertThat(listening.hides(window, settling)).isFalse();

    seconds(25, 0, 1);
    assertThat(listening.hides(window, settling)).as("most of it was heard").isFalse();
    seconds(20, 0, 1);
    assertThat(listening.hides(window, settling)).isTrue();
    seconds(290, 1, 0);
    assertThat(listening.hides(window, settling)).as("senders come back").isTrue();
    seconds(20, 1, 0);
    assertThat(listening.hides(window, settling)).isFalse();
  }

  @Test
  void whatIsMissingInAResultSaysNothingForAWhileAfterAGap() {
    Expr rate = Parser.parse("rate(x[5m]) > 1");
    Expr value = Parser.parse("x > 1");
    listening.begin(millis(), 0);
    seconds(10, 5, 0);
    assertThat(listening.isSettling(rate, millis())).isFalse();
    seconds(73, 0, 5);
    seconds(1, 5, 0);
    assertThat(listening.isSettling(rate, millis())).as("74 s of 300").isFalse();
    seconds(100, 5, 0);
    seconds(160, 0, 5);
    seconds(1, 5, 0);
    assertThat(listening.isSettling(rate, millis())).as("161 s of 300").isTrue();
    assertThat(listening.isSettling(value, millis())).isTrue();
    seconds(60, 5, 0);
    assertThat(listening.isSettling(value, millis())).isFalse();
    seconds(239, 5, 0);
    assertThat(listening.isSettling(rate, millis())).isTrue();
    seconds(1, 5, 0);
    assertThat(listening.isSettling(rate, millis())).isFalse();
  }

  @Test
  void aGapIsNotForgottenForAShorterOneAfterIt() {
    Expr rate = Parser.parse("rate(x[5m]) > 1");
    Duration window = Duration.ofMinutes(10);
    Duration settling = Duration.ofMinutes(5);
    listening.begin(millis(), 0);
    seconds(10, 5, 0);
    seconds(600, 0, 5);
    seconds(7, 5, 0);
    takes = 2;
    listening.doubt();
    takes = 0;
    assertThat(listening.since()).isEqualTo(millis());
    assertThat(listening.gap()).as("as the services are told").isEqualTo(2_000);
    seconds(291, 5, 0);
    assertThat(listening.isSettling(rate, millis())).as("299 s after the long one").isTrue();
    assertThat(listening.hides(window, settling)).isTrue();
    seconds(1, 5, 0);
    assertThat(listening.isSettling(rate, millis())).as("the short one counts for less").isFalse();
    assertThat(listening.hides(window, settling)).isFalse();
  }

  @Test
  void aGapAsLongAsTheRuleMindsSettlesAnewAlsoAfterALongerOne() {
    Expr rate = Parser.parse("rate(x[5m]) > 1");
    listening.begin(millis(), 3_600_000);
    seconds(60, 5, 0);
    seconds(100, 0, 5);
    seconds(1, 5, 0);
    seconds(299, 5, 0);
    assertThat(listening.isSettling(rate, millis())).isTrue();
    seconds(1, 5, 0);
    assertThat(listening.isSettling(rate, millis())).isFalse();
  }

  @Test
  void whatIsDoubtedBeforeTheFirstSampleAfterARestartIsOfItsGap() {
    Expr rate = Parser.parse("rate(x[5m]) > 1");
    listening.begin(millis(), 1_200_000);
    takes = 2;
    listening.doubt();
    assertThat(listening.gap()).isEqualTo(1_202_000);
    assertThat(listening.isSettling(rate, millis())).isTrue();
  }

  @Test
  void aStandstillBeforeTheFirstLookAfterARestartIsOfItsGap() {
    listening.begin(millis(), 1_200_000);
    now += 6;
    listening.look(millis());
    assertThat(listening.gap()).isEqualTo(1_206_000);
  }

  @Test
  void aClockThatIsPutBackMakesNoGapLastLonger() {
    Expr rate = Parser.parse("rate(x[5m]) > 1");
    listening.begin(millis(), 1_200_000);
    seconds(10, 5, 0);
    now -= 500;
    listening.look(millis());
    assertThat(listening.isSettling(rate, millis())).isTrue();
    seconds(300, 5, 0);
    assertThat(listening.isSettling(rate, millis())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "absent(x), 75, 300",
    "absent_over_time(x[1m]), 15, 300",
    "absent_over_time(x[20m]), 75, 1200",
    "absent(x) or rate(y[1h]) > 5, 75, 3600",
    "sum(x) or vector(0), 75, 300",
    "x and absent(y), 75, 300",
    "vector(1) unless on() y, 75, 300",
    "sum(rate(x[1h])) > 5 and on() (hour() >= 8), 3600, 0",
    "(hour() >= 8) and on() x, 3600, 0",
    "x and on() vector(1), 3600, 0",
    "x unless on() (day_of_week() > 5), 3600, 0",
    "x * on() group_left() vector(60), 3600, 0",
    "x > 5, 3600, 0"
  })
  void whatHasAValueWhereNothingIsHeardIsOfNoUseUntilEnoughWas(String expr, int gap, int until) {
    Expr absence = Parser.parse(expr);
    assertThat(listening.hidesAbsence(absence, millis())).as("not begun").isEqualTo(until > 0);
    listening.begin(millis(), gap * 1000 - 1);
    assertThat(listening.hidesAbsence(absence, millis())).as("a short gap").isFalse();

    listening.begin(millis(), gap * 1000);
    seconds(Math.max(0, until - 1), 5, 0);
    assertThat(listening.hidesAbsence(absence, millis())).isEqualTo(until > 0);
    seconds(1, 5, 0);
    assertThat(listening.hidesAbsence(absence, millis())).isFalse();
  }
}
