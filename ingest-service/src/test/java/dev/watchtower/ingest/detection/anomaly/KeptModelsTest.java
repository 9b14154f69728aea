package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.golden.GoldenSignals.Point;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A watch that ends and begins again, on the same saved models. */
class KeptModelsTest {
  private static final ServiceKey CHECKOUT = new ServiceKey("checkout", "prod");
  private static final long STEP = 5_000;
  private static final long WINDOW = 10_000;
  private static final long EVERY = 600_000;

  private final InMemory saved = new InMemory();

  /** Of each read of history: its first step and its last. */
  private final List<String> reads = new ArrayList<>();

  private Executor learner = Runnable::run;

  /** In which steps a threshold fires on the service. */
  private LongPredicate fires = _ -> false;

  /** From this step on there is no such metric any more. */
  private long cpuEnds = Long.MAX_VALUE;

  private ModelKeeper keeper;
  private AnomalyWatch watch;

  /** Saved models of which some cannot be read. */
  private static final class InMemory implements SavedModels {
    final Map<ServiceKey, byte[]> models = new HashMap<>();
    int failures;

    @Override
    public Optional<byte[]> load(ServiceKey key) {
      if (failures > 0) {
        failures--;
        throw new IllegalStateException("no database");
      }
      return Optional.ofNullable(models.get(key));
    }

    @Override
    public void save(ServiceKey key, long at, byte[] packed) {
      models.put(key, packed);
    }

    @Override
    public int clean(long before) {
      return 0;
    }
  }

  @BeforeEach
  void start() {
    keeper = new ModelKeeper(saved, EVERY);
    watch =
        new AnomalyWatch(
            (_, _, from, to, step) -> {
              reads.add(from / step + " to " + to / step);
              List<Point> points = new ArrayList<>();
              for (long at = from; at <= to; at += step) {
                points.add(new Point(at, values(at / step)));
              }
              return points;
            },
            new FindingBox(),
            keeper,
            learner);
  }

  private static Map<String, @Nullable Double> values(long row) {
    Random noise = new Random(row);
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    boolean bad = row >= 9_000 && row < 9_200;
    values.put("traffic", 100 + 50 * Math.sin(row / 300.0) + noise.nextGaussian());
    values.put("error_rate", row % 50 == 7 ? null : (Double) noise.nextDouble());
    values.put("cpu", 0.2 + 0.01 * noise.nextGaussian() + (bad ? 1 : 0));
    return values;
  }

  private Map<String, @Nullable Double> valuesNow(long row) {
    Map<String, @Nullable Double> values = values(row);
    if (row >= cpuEnds) {
      values.put("cpu", null);
    }
    return values;
  }

  private OptionalLong firesSince(long row) {
    long since = row;
    while (fires.test(since)) {
      since--;
    }
    return since == row ? OptionalLong.empty() : OptionalLong.of((since + 1) * STEP);
  }

  private void observe(ServiceKey key, long row, long window) {
    watch.observe(
        new SignalSnapshot(key, row * STEP, window, valuesNow(row), Map.of()), firesSince(row));
    watch.tend(row * STEP);
  }

  /** As long as the service runs: what is handed over is saved at once. */
  private void run(long from, long to) {
    for (long row = from; row < to; row++) {
      observe(CHECKOUT, row, WINDOW);
      save();
    }
  }

  private int save() {
    int count = 0;
    for (var next = keeper.next(); next.isPresent(); next = keeper.next()) {
      WaitingModel model = next.orElseThrow();
      saved.save(model.key(), model.at(), model.packed());
      count++;
    }
    return count;
  }

  private byte[] stateAtTheEnd() {
    watch.end();
    save();
    return ModelBytes.unpack(saved.models.get(CHECKOUT));
  }

  private byte[] neverStopped(long to) {
    KeptModelsTest other = new KeptModelsTest();
    other.fires = fires;
    other.start();
    other.run(1_440, to);
    return other.stateAtTheEnd();
  }

  private boolean isAnomalous() {
    return watch.anomalies(CHECKOUT).orElseThrow().signal("cpu").orElseThrow().since() != null;
  }

  @Test
  void afterAnOrderlyStopItIsAsIfItHadNeverStopped() {
    run(1_440, 5_000);
    watch.end();
    save();
    start();
    // Not observed live: the time in which nothing ran.
    run(5_300, 6_000);

    assertThat(reads).containsExactly("1 to 1440", "5000 to 5300");
    assertThat(stateAtTheEnd()).isEqualTo(neverStopped(6_000));
  }

  @Test
  void afterAKillInAnIncidentTooOnlyMoreIsRecalled() {
    run(1_440, 9_150);
    start();
    run(9_160, 9_170);

    // A turn is every 120 steps from 1,441 on.
    assertThat(reads).containsExactly("1 to 1440", "9122 to 9160");
    assertThat(isAnomalous()).isTrue();
    assertThat(stateAtTheEnd()).isEqualTo(neverStopped(9_170));
  }

  private void kill(long row) {
    List<Remembered> remembered = watch.remembered(row * STEP);
    start();
    watch.restore(List.of(), remembered);
  }

  @Test
  void whatWasNotLearntBecauseOtherThingsFiredIsNotLearntAfterAKillEither() {
    byte[] calm = neverStopped(2_500);
    fires = row -> (row >= 1_650 && row < 1_700) || (row >= 2_000 && row < 2_300);
    run(1_440, 1_710);
    kill(1_710);
    run(1_715, 2_200);
    kill(2_200);
    run(2_210, 2_310);
    kill(2_310);
    run(2_312, 2_500);

    assertThat(reads).as("nothing is saved in a trouble: it is learnt again").hasSize(4);
    assertThat(reads.get(3).split(" ")[0]).isEqualTo(reads.get(2).split(" ")[0]);
    assertThat(stateAtTheEnd()).isEqualTo(neverStopped(2_500)).isNotEqualTo(calm);
  }

  @Test
  void whatFiresForLongIsAcceptedAtTheSameTimeAfterAKill() {
    fires = row -> row >= 1_650 && row < 3_500;
    run(1_440, 2_000);
    kill(2_000);
    run(2_002, 2_500);
    kill(2_500);
    run(2_502, 3_200);
    kill(3_200);
    run(3_202, 3_600);

    assertThat(stateAtTheEnd()).isEqualTo(neverStopped(3_600));
  }

  @Test
  void aMetricThatEndsUnusualInATroubleDoesNotKeepTheOthersFromBeingSaved() {
    fires = row -> row >= 8_950 && row < 9_050;
    cpuEnds = 9_010;
    run(1_440, 9_040);
    assertThat(isAnomalous()).isTrue();
    saved.models.clear();
    run(9_040, 9_000 + WatchedSignal.LONGEST);
    assertThat(saved.models).as("it may be over yet").isEmpty();

    run(9_000 + WatchedSignal.LONGEST, 9_200 + WatchedSignal.LONGEST);
    assertThat(saved.models).containsOnlyKeys(CHECKOUT);
  }

  @Test
  void whatFiresForLongEndsTheLendingAlsoOfAnUnusualMetric() {
    fires = row -> row >= 8_400 && row < 9_190;
    cpuEnds = 9_010;
    run(1_440, 9_110);
    assertThat(isAnomalous()).isTrue();
    saved.models.clear();
    run(9_110, 9_250);

    assertThat(saved.models).containsOnlyKeys(CHECKOUT);
  }

  @Test
  void afterALongGapTheLastOfItIsRecalledAndNoAnomalyIsLeft() {
    run(1_440, 9_150);
    watch.end();
    save();
    start();
    run(20_000, 20_002);

    assertThat(reads).containsExactly("1 to 1440", "18561 to 20000");
    assertThat(isAnomalous()).isFalse();
    byte[] state = stateAtTheEnd();
    assertThat(state.length).isGreaterThan(neverStopped(1_442).length);
  }

  @Test
  void eachServiceHasATurnNowAndThenWhenItHasChanged() {
    ServiceKey other = new ServiceKey("other", "prod");
    observe(CHECKOUT, 1_440, WINDOW);
    observe(other, 1_440, WINDOW);
    observe(CHECKOUT, 1_441, WINDOW);
    observe(other, 1_441, WINDOW);
    long now = 1_441 * STEP;
    watch.tend(now + EVERY - STEP - 1);
    assertThat(save()).isZero();

    watch.tend(now + EVERY);
    assertThat(save()).as("one at a time").isEqualTo(1);
    watch.tend(now + EVERY + 1_000);
    assertThat(save()).isEqualTo(1);
    assertThat(saved.models).containsOnlyKeys(CHECKOUT, other);
    watch.tend(now + 3 * EVERY);
    assertThat(save()).as("nothing has come since").isZero();

    observe(other, 1_800, WINDOW);
    watch.tend(now + 3 * EVERY);
    watch.end();
    assertThat(save()).isEqualTo(1);
  }

  @Test
  void noMoreWaitThanThereIsRoomFor() {
    for (int i = 0; i < 20; i++) {
      observe(new ServiceKey("s" + i, "prod"), 1_440, WINDOW);
    }
    for (int i = 0; i < 50; i++) {
      watch.tend(1_440 * STEP + EVERY + i);
    }
    assertThat(save()).isEqualTo(ModelKeeper.MOST_WAITING);

    for (int i = 0; i < 8; i++) {
      watch.tend(1_440 * STEP + EVERY + 50 + i);
    }
    watch.end();
    assertThat(save()).as("those that wait, and the rest").isEqualTo(12);
  }

  @Test
  void aServiceIsLearntWithoutItsModelsOnlyWhenTheyCannotBeReadAgainAndAgain() {
    run(1_440, 3_000);
    watch.end();
    save();
    start();
    reads.clear();
    saved.failures = ModelKeeper.ATTEMPTS - 1;
    watch.observe(new SignalSnapshot(CHECKOUT, 3_010 * STEP, WINDOW, values(3_010), Map.of()));
    for (int i = 1; i < ModelKeeper.ATTEMPTS; i++) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> watch.tend(3_010 * STEP));
    }
    watch.tend(3_010 * STEP);
    assertThat(reads).containsExactly("3000 to 3010");

    start();
    saved.failures = ModelKeeper.ATTEMPTS;
    watch.observe(new SignalSnapshot(CHECKOUT, 3_010 * STEP, WINDOW, values(3_010), Map.of()));
    for (int i = 1; i < ModelKeeper.ATTEMPTS; i++) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> watch.tend(3_010 * STEP));
    }
    watch.tend(3_010 * STEP);
    assertThat(reads).containsExactly("3000 to 3010", "1571 to 3010");
    assertThat(keeper.unusable()).isEqualTo(1);
  }

  @Test
  void whatCannotBeUsedIsLearntAnew() {
    run(1_440, 3_000);
    byte[] state = stateAtTheEnd();
    byte[] packed = saved.models.get(CHECKOUT);

    assertThat(learntAt(3_000, WINDOW, new byte[] {1, 2, 3})).isEqualTo("1561 to 3000");
    assertThat(learntAt(3_000, WINDOW, ModelBytes.pack(new byte[7]))).isEqualTo("1561 to 3000");
    assertThat(learntAt(3_000, WINDOW, new byte[0])).isEqualTo("1561 to 3000");
    // Another window, so other steps.
    assertThat(learntAt(3_000, 2 * WINDOW, packed)).isEqualTo("61 to 1500");
    // More than ten minutes ahead.
    assertThat(learntAt(2_800, WINDOW, packed)).isEqualTo("1361 to 2800");
    assertThat(learntAt(2_999, WINDOW, packed)).as("nothing has come since").isEqualTo("");
    assertThat(stateAtTheEnd()).isEqualTo(state);
  }

  @Test
  void detectionGoesOnWhileAServiceLearnsAndNothingIsMissed() {
    Deque<Runnable> begun = new ArrayDeque<>();
    learner = begun::add;
    start();
    run(1_440, 1_500);
    observe(new ServiceKey("other", "prod"), 1_500, WINDOW);
    assertThat(begun).as("one at a time").hasSize(1);
    assertThat(watch.anomalies(CHECKOUT)).isEmpty();

    begun.remove().run();
    watch.tend(1_500 * STEP);
    run(1_500, 2_000);

    assertThat(begun).as("then the next one").hasSize(1);
    assertThat(watch.anomalies(CHECKOUT)).isPresent();
    assertThat(stateAtTheEnd()).isEqualTo(neverStopped(2_000));
  }

  @Test
  void aServiceThatIsForgottenWhileItLearnsIsNotWatched() {
    Deque<Runnable> begun = new ArrayDeque<>();
    learner = begun::add;
    start();
    observe(CHECKOUT, 1_440, WINDOW);
    watch.forget(CHECKOUT);
    begun.remove().run();
    watch.tend(1_441 * STEP);
    watch.end();

    assertThat(save()).isZero();
    assertThat(begun).isEmpty();
  }

  private String learntAt(long row, long window, byte[] packed) {
    saved.models.put(CHECKOUT, packed);
    start();
    reads.clear();
    observe(CHECKOUT, row, window);
    return String.join(", ", reads);
  }

  @Test
  void aServiceThatIsAboutToBeLearntAnewIsNotSaved() {
    run(1_440, 1_500);
    observe(CHECKOUT, 1_501, 3 * WINDOW);
    watch.end();

    assertThat(save()).isZero();
  }
}
