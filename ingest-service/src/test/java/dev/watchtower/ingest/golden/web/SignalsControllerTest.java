package dev.watchtower.ingest.golden.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.golden.SignalBoard;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The history of golden signals costs no more than a query may. */
class SignalsControllerTest {
  private static final int MOST = 10_000;

  private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(9_000));
  private boolean storeAnswers = true;
  private final HandMadeStore store =
      new HandMadeStore() {
        @Override
        public List<Samples> read(List<Series> of, long from, long to, long max) {
          if (!storeAnswers) {
            throw new StoreUnavailableException("PostgreSQL does not answer");
          }
          return super.read(of, from, to, max);
        }
      };
  private final QueryEngine engine =
      new QueryEngine(
          store, new QueryLimits(Duration.ofSeconds(10), MOST, 11_000), System::nanoTime);
  private final SharedQueries queries = new SharedQueries(engine, System::nanoTime);
  private final SignalBoard board = new SignalBoard();
  private final ServiceRegistry registry = new ServiceRegistry();
  private final SignalsController controller =
      new SignalsController(
          board,
          registry,
          new CurrentGoldenSignals(new GoldenSignals(engine, sources())),
          queries,
          new LiveTopics(JsonMapper.shared(), clock),
          clock);

  private static GoldenSources sources() {
    List<Catalog.GoldenSignal.Source> depth =
        List.of(
            new Catalog.GoldenSignal.Source(
                "own", "avg(depth{service=\"$service\",env=\"$env\"})"));
    return new GoldenSources(
        List.of(new Catalog.GoldenSignal("cpu", depth), new Catalog.GoldenSignal("memory", depth)));
  }

  private void series(int count) {
    for (int i = 0; i < count; i++) {
      store.row("depth{service=\"shop\",env=\"prod\",i=\"" + i + "\"}", 0, 1, new double[9_000]);
    }
  }

  private SignalsController.History history() {
    return controller.history("shop", "prod", "0", "8500", "60s");
  }

  private Problem refused() {
    return catchThrowableOfType(Problem.class, this::history);
  }

  private void hear(String selector, long millis) {
    registry.heard(
        new AcceptedBatch(
            new Series[] {store.series(selector)}, new long[] {millis}, new double[] {1}, 1),
        millis + 1_000);
  }

  @Test
  void listsAlsoWhoHasNoGoldenSignalsOrWasNotHeardSinceARestart() {
    registry.watch("depth"::equals, _ -> false);
    registry.recall(
        List.of(new Freshness.LastSample("gone", "prod", clock.instant())), clock.millis());
    hear("backup_last_success{service=\"backup\",env=\"prod\"}", 5_000);
    hear("depth{service=\"computed-soon\",env=\"prod\"}", 6_000);
    ServiceKey shop = new ServiceKey("shop", "prod");
    board.put(new SignalSnapshot(shop, 7_000, 10_000, Map.of("cpu", 0.5), Map.of(), false));

    Map<String, @Nullable Double> unknown = new HashMap<>();
    unknown.put("cpu", null);
    unknown.put("memory", null);
    assertThat(controller.now(null, null).items())
        .containsExactly(
            new SignalsController.Newest("prod", "backup", 0, 5_000, Map.of(), true),
            new SignalsController.Newest("prod", "gone", 0, clock.millis(), unknown, true),
            new SignalsController.Newest("prod", "shop", 0, 7_000, Map.of("cpu", 0.5), true));
    assertThat(controller.now("backup", null).items()).hasSize(1);
    assertThat(controller.now(null, "test").items()).isEmpty();
  }

  @Test
  void saysOfWhomNothingWasHeardForLongerThanAQueryLooksBack() {
    ServiceKey shop = new ServiceKey("shop", "prod");
    long now = clock.millis();
    board.put(new SignalSnapshot(shop, now, 10_000, Map.of("cpu", 0.5), Map.of(), false));

    clock.advance(Duration.ofMinutes(5));
    assertThat(controller.now(null, null).items().getFirst().stale()).isFalse();
    clock.advance(Duration.ofMillis(1));
    SignalsController.Newest newest = controller.now(null, null).items().getFirst();
    assertThat(newest.stale()).isTrue();
    assertThat(newest.ts()).isEqualTo(now);
    assertThat(newest.signals()).isEqualTo(Map.of("cpu", 0.5));
  }

  @Test
  void eachSignalMayReadWhatAQueryMay() {
    series(1);
    assertThat(history().points()).hasSizeGreaterThan(100);
  }

  @Test
  void tooManySamplesHaveNoAnswer() {
    series(2);
    assertThat(refused().status()).isEqualTo(422);
    assertThat(refused().getMessage()).contains("10000 samples");
  }

  @Test
  void whileOthersHoldTheRoomItIsToBeAskedAgain() {
    series(1);
    try (var others = queries.share()) {
      queries.compute(
          others, own -> own.instant(Parser.parse("max_over_time(depth[3h])"), 9_000_000));
      assertThat(refused().status()).isEqualTo(503);
      assertThat(refused().retryAfter()).isEqualTo(SharedQueries.WAIT);
    }
    assertThat(history().points()).isNotEmpty();
  }

  @Test
  void soItIsWhileStorageDoesNotAnswer() {
    series(1);
    storeAnswers = false;
    assertThat(refused().status()).isEqualTo(503);
  }
}
