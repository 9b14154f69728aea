package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedSamplesTest {
  private static final QueryLimits LIMITS = new QueryLimits(Duration.ofSeconds(10), 8_192, 11_000);

  private final HandMadeStore store = new HandMadeStore();
  private final SharedSamples samples = new SharedSamples(8_192, Duration.ofMillis(50));
  private final QueryEngine engine = new QueryEngine(store, LIMITS, System::nanoTime);

  SharedSamplesTest() {
    store.row("few", 0, 1, new double[1_000]);
    store.row("many", 0, 1, new double[7_000]);
    store.row("toomany", 0, 1, new double[9_000]);
  }

  private Value ask(SharedSamples.Share share, String query) {
    return engine.within(share).instant(Parser.parse(query), 10_000_000);
  }

  @Test
  void sendsAwayWhatOthersLeaveNoRoomFor() {
    try (SharedSamples.Share second = samples.share()) {
      try (SharedSamples.Share first = samples.share()) {
        ask(first, "max_over_time(many[3h])");

        assertThatThrownBy(() -> ask(second, "max_over_time(many[3h])"))
            .isInstanceOfSatisfying(
                QueryException.class,
                e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.UNAVAILABLE));
      }
      assertThat(ask(second, "max_over_time(many[3h])")).isInstanceOf(Value.Vector.class);
    }
  }

  @Test
  void countsWhatAQueryProducesUntilItsAnswerIsWritten() {
    try (SharedSamples.Share first = samples.share();
        SharedSamples.Share second = samples.share()) {
      engine.within(first).range(Parser.parse("vector(1)"), 0, 7_000_000, 1_000);

      assertThatThrownBy(() -> ask(second, "max_over_time(many[3h])"))
          .hasMessageContaining("try again");
    }
    try (SharedSamples.Share third = samples.share()) {
      assertThat(ask(third, "max_over_time(many[3h])")).isInstanceOf(Value.Vector.class);
    }
  }

  @Test
  void letsSmallQueriesRunBesideEachOther() {
    try (SharedSamples.Share first = samples.share();
        SharedSamples.Share second = samples.share()) {
      ask(first, "max_over_time(few[3h])");
      assertThat(ask(second, "max_over_time(few[3h])")).isInstanceOf(Value.Vector.class);
    }
  }

  @Test
  void refusesForGoodWhatIsTooMuchForAQueryAlone() {
    try (SharedSamples.Share share = samples.share()) {
      assertThatThrownBy(() -> ask(share, "max_over_time(toomany[3h])"))
          .isInstanceOfSatisfying(
              QueryException.class,
              e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION));
    }
  }

  @Test
  void soItIsWhereTheLimitIsNoWholeNumberOfBlocks() {
    QueryEngine odd =
        new QueryEngine(
            store, new QueryLimits(Duration.ofSeconds(10), 8_000, 11_000), System::nanoTime);
    try (SharedSamples.Share share = new SharedSamples(8_000, Duration.ZERO).share()) {
      assertThatThrownBy(() ->
              odd.within(share).instant(Parser.parse("max_over_time(toomany[3h])"), 10_000_000))
          .isInstanceOfSatisfying(
              QueryException.class,
              e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION));
    }
  }

  @Test
  void oneAfterTheOtherHoldWhatTheLargestNeeds() {
    QueryEngine sharing = engine.sharing(samples, Long.MAX_VALUE);
    for (int i = 0; i < 3; i++) {
      assertThat(sharing.range(Parser.parse("max_over_time(many[3h])"), 10_000_000, 10_000_000, 1))
          .isNotNull();
    }
    try (SharedSamples.Share other = samples.share()) {
      ask(other, "max_over_time(many[3h])");
      assertThatThrownBy(() ->
              sharing.range(Parser.parse("max_over_time(many[3h])"), 10_000_000, 10_000_000, 1))
          .isInstanceOfSatisfying(
              QueryException.class,
              e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.UNAVAILABLE));
    }
  }

  @Test
  void oneAfterTheOtherHaveTheTimeOfOne() {
    AtomicLong nanos = new AtomicLong();
    SharedQueries queries =
        new SharedQueries(
            new QueryEngine(store, LIMITS, () -> nanos.addAndGet(1_000_000_000)), nanos::get);

    assertThatThrownBy(() ->
            queries.compute(own -> {
              for (int i = 0; i < 6; i++) {
                own.range(Parser.parse("vector(1)"), 0, 0, 1);
              }
              return "never";
            }))
        .isInstanceOfSatisfying(
            QueryException.class, e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.TIMEOUT));
    assertThat(queries.<String>compute(own -> "the next one")).isEqualTo("the next one");
  }

  @Test
  void computesOnlySoManyAtATime() throws InterruptedException {
    SharedQueries queries = new SharedQueries(engine, System::nanoTime);
    CountDownLatch begun = new CountDownLatch(SharedQueries.AT_ONCE);
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SharedQueries.AT_ONCE; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() ->
                  queries.compute(own -> {
                    begun.countDown();
                    return awaited(end);
                  })));
    }
    begun.await();

    assertThatThrownBy(() -> queries.compute(own -> 1))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("too many queries at once");
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(queries.<Integer>compute(own -> 1)).isEqualTo(1);
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void hasRoomForAQuarterOfTheHeap() {
    assertThat(QueryLimits.ofHeap(320L << 20).maxSamples()).isEqualTo((80L << 20) / 32);
    assertThat(QueryLimits.ofHeap(64L << 30)).isEqualTo(QueryLimits.DEFAULT);
  }
}
