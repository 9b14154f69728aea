package dev.watchtower.ingest.detection.config;

import static dev.watchtower.ingest.detection.config.ListeningTest.missing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.ExpressionRules;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.RuleTimes;
import dev.watchtower.ingest.detection.slo.SloWatch;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Detection takes twelve seconds for each of its turns; times are seconds. */
class HearingTest {
  private static final int TURN = 12;
  private static final Series SHOP = series(1, "shop");
  private static final Series OTHER = series(2, "other");

  private long now = 1_000;
  private boolean open = true;
  private RuleBook rules = new RuleBook(List.of(missing(30)));
  private final Detector detector = new Detector(rules);
  private final ServiceRegistry registry = new ServiceRegistry();
  private final RuleTimes times = new RuleTimes();
  private final Listening listening =
      new Listening(
          new Listening.Doors(() -> open, () -> 0, () -> 0),
          registry,
          this::millis,
          System::nanoTime);
  private final Hearing hearing =
      new Hearing(
          registry,
          new Turns(System::nanoTime),
          times,
          listening,
          new NoSlos(),
          () -> rules,
          this::millis,
          new SimpleMeterRegistry());

  private record NoSlos() implements SloWatch {
    @Override
    public void follow(Catalog catalog, RuleBook rules) {}

    @Override
    public boolean reads(String metric) {
      return false;
    }

    @Override
    public void heard(Set<String> metrics, long oldest, long newest) {}

    @Override
    public void clockPutBack(long now) {}

    @Override
    public void missed() {}

    @Override
    public List<String> faults() {
      return List.of();
    }
  }

  private static Series series(long id, String service) {
    return new Series(id, Labels.of("__name__", "load", "service", service, "env", "prod"));
  }

  private long millis() {
    return now * 1000;
  }

  private void hear(Series series) {
    hearing.accepted(
        new AcceptedBatch(new Series[] {series}, new long[] {millis()}, new double[] {1}, 1));
  }

  /** The signals of three minutes after both were heard. */
  private List<Detected> told(Runnable eachSecond) {
    listening.follow(rules.noData());
    listening.begin(millis(), 0);
    hear(SHOP);
    hear(OTHER);
    List<Detected> told = new ArrayList<>();
    for (now++; now < 1_180; now++) {
      eachSecond.run();
      if (now % TURN == 0) {
        listening.look(millis());
        told.addAll(detector.onSilence(registry.all(), listening.since(), millis()));
      }
    }
    return told;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15})
  void aServiceIsMissedInTimeAlsoWhereDetectionIsSlow(int every) {
    List<Detected> told =
        told(() -> {
          if (now % every == 0) {
            hear(OTHER);
          } else {
            hearing.paused();
          }
        });

    assertThat(told).hasSize(1);
    assertThat(told.getFirst().signal().service()).isEqualTo("shop");
    assertThat(told.getFirst().signal().at())
        .isBetween(Instant.ofEpochSecond(1_030), Instant.ofEpochSecond(1_030 + TURN));
  }

  @Test
  void whatIsDoubtedIsToldToTheServices() {
    listening.begin(millis(), 0);
    hear(SHOP);
    now += 4;
    hearing.doubt();
    var shop = registry.find(new ServiceKey("shop", "prod")).orElseThrow();
    assertThat(shop.eventMillisKnown(millis())).isEqualTo(1_004_000);

    open = false;
    hearing.doubt();
    assertThat(shop.eventMillisKnown(millis())).as("it may say more").isEqualTo(1_000_000);
  }

  @Test
  void nobodyIsMissedWhileNobodyHears() {
    assertThat(told(() -> {})).isEmpty();
  }

  private static Catalog.Rule anyUp() {
    return rule("load", "load > 0");
  }

  private static Catalog.Rule rule(String name, String expression) {
    return new Catalog.Rule(
        name,
        SignalKind.THRESHOLD,
        null,
        expression,
        null,
        null,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Severity.SEV3,
        List.of("*"),
        List.of("*"),
        0,
        null,
        null);
  }

  @Test
  void nothingWaitsForAClockThatWasPutBack() {
    rules = new RuleBook(List.of(anyUp()));
    RuleBook.ExpressionRule up = rules.onExpressions().get("load");
    HandMadeStore store = new HandMadeStore();
    QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
    ExpressionRules looks = new ExpressionRules(engine, new Detector(rules), times);
    times.follow(rules.onExpressions(), Long.MIN_VALUE);
    registry.watch(_ -> true, _ -> true);
    listening.begin(millis(), 0);
    store.add("load{service=\"shop\",env=\"prod\"}", now - 7, 1);
    store.add("load{service=\"shop\",env=\"prod\"}", now, 1);
    long[] at = {millis() - 7_000, millis()};
    now += 3_600;
    hearing.accepted(new AcceptedBatch(new Series[] {SHOP, SHOP}, at, new double[] {1, 1}, 2));
    assertThat(looks.look(up, false, this::millis, millis())).as("came late").isEmpty();
    now -= 3_600;
    hearing.paused();
    now += 5;

    var shop = registry.find(new ServiceKey("shop", "prod")).orElseThrow();
    assertThat(shop.backfill().isDue(millis())).isTrue();
    assertThat(looks.look(up, false, this::millis, millis())).hasSize(1);
  }

  /** Each look at what is idle asks the database whether anything could be heard. */
  @Test
  void aRuleThatAGapHidesIsNotAskedForEachSecond() {
    rules = new RuleBook(List.of(rule("load", "absent(load)")));
    RuleBook.ExpressionRule up = rules.onExpressions().get("load");
    times.follow(rules.onExpressions(), Long.MIN_VALUE);
    assertThat(hearing.passesOver(up, millis())).as("not begun").isTrue();
    listening.begin(millis(), 80_000);
    assertThat(times.due(listening.since(), millis())).as("at once").containsExactly("load");

    assertThat(hearing.passesOver(up, millis())).isTrue();
    now += 14;
    assertThat(times.anyIdle(listening.since(), millis())).isFalse();
    now += 1;
    assertThat(times.due(listening.since(), millis())).containsExactly("load");
    assertThat(hearing.passesOver(up, millis())).isTrue();
    now += 14;
    assertThat(times.anyIdle(listening.since(), millis())).isFalse();
    now += 300;
    assertThat(hearing.passesOver(up, millis())).isFalse();
  }

  /** Their samples of an hour that has not been yet are stored, and must not be waited for. */
  @Test
  void norForThoseOfSendersThatWerePutBackWithIt() {
    rules = new RuleBook(List.of(anyUp()));
    RuleBook.ExpressionRule up = rules.onExpressions().get("load");
    HandMadeStore store = new HandMadeStore();
    QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
    ExpressionRules looks = new ExpressionRules(engine, new Detector(rules), times);
    times.follow(rules.onExpressions(), Long.MIN_VALUE);
    registry.watch(_ -> true, _ -> true);
    listening.begin(millis(), 0);
    now += 3_600;
    store.add("load{service=\"shop\",env=\"prod\"}", now, 0);
    hear(SHOP);
    assertThat(looks.look(up, false, this::millis, millis())).isEmpty();
    now -= 3_600;
    hearing.paused();
    now += 5;
    store.add("load{service=\"shop\",env=\"prod\"}", now, 1);
    hear(SHOP);

    assertThat(looks.look(up, false, this::millis, millis())).hasSize(1);
    var shop = registry.find(new ServiceKey("shop", "prod")).orElseThrow();
    assertThat(shop.eventMillis()).isEqualTo(millis());
    now += 20;
    // What was cut off comes late, and is gone through.
    hearing.accepted(
        new AcceptedBatch(
            new Series[] {SHOP}, new long[] {millis() - 12_000}, new double[] {1}, 1));
    now += 5;
    assertThat(shop.backfill().isDue(millis())).isTrue();
    assertThat(times.due(millis(), millis())).containsExactly("load");
  }
}
