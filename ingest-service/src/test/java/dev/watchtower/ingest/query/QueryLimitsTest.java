package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one query may cost. */
class QueryLimitsTest {
  private final HandMadeStore store = new HandMadeStore();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);

  @Test
  void onSteps() {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> engine.range(Parser.parse("1"), 0, 11_001_000, 1_000))
        .withMessageContaining("exceeded maximum resolution of 11000 points");
    // As Prometheus: a tool that divides its span by 11,000 asks for one point more.
    assertThat(engine.range(Parser.parse("1"), 0, 11_000_000, 1_000).series()).hasSize(1);
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> engine.range(Parser.parse("1"), 0, 1, 0));
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> engine.range(Parser.parse("1"), 5, 1, 1));
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> engine.range(Parser.parse("up[5m]"), 0, 1, 1));
  }

  @Test
  void onSamples() {
    store.row("g", 0, 10, 1, 2, 3, 4);
    QueryEngine small =
        new QueryEngine(store, new QueryLimits(Duration.ofSeconds(1), 3, 10), System::nanoTime);

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> small.instant(Parser.parse("sum_over_time(g[1m])"), 40_000))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION))
        .satisfies(e -> assertThat(e.isTooMuch()).isTrue());
  }

  /** One of a few kilobytes must not fill the heap at a single instant. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "count(abs(x + %d))",
        "count(x + 1%d)",
        "count(sum by (a%d) (x))",
        "count(x * on (job, a%d) y)",
        "count(max_over_time((x + %d)[1m:30s]))",
      })
  void onWhatIsProducedWithinAnInstant(String part) {
    for (int i = 0; i < 1_000; i++) {
      store.add("x{job=\"" + i + "\"}", 100, i);
      store.add("y{job=\"" + i + "\"}", 100, i);
    }
    QueryEngine small =
        new QueryEngine(
            store, new QueryLimits(Duration.ofSeconds(10), 40_000, 11_000), System::nanoTime);
    String query =
        IntStream.range(0, 30).mapToObj(part::formatted).collect(Collectors.joining(" + "));

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> small.instant(Parser.parse(query), 110_000))
        .satisfies(e -> assertThat(e.isTooMuch()).isTrue());
    // What is forgotten at the next instant counts once.
    assertThat(small.range(Parser.parse(part.formatted(1)), 110_000, 310_000, 1_000).series())
        .hasSize(1);
  }

  /** Of a deep tree, the left sides of all operators are held until their right ones are there. */
  @Test
  void onWhatOperatorsBetweenVectorsProduce() {
    for (int i = 0; i < 1_000; i++) {
      store.add("x{job=\"" + i + "\"}", 100, i);
      store.add("y{job=\"" + i + "\",of=\"" + i + "\"}", 100, i);
    }
    QueryEngine small = small(60_000);

    for (String more : List.of(" * on (job) y", " * on (job) group_left (of) y")) {
      assertThat(small.instant(Parser.parse("x" + more), 110_000)).isNotNull();
      assertTooMuch(() -> small.instant(Parser.parse("x" + more.repeat(60)), 110_000));
    }
  }

  /** Each value that was not there before is a series of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"count_values(\"v\", x)", "count_values(\"v\", x)[10m:10s]"})
  void onTheSeriesThatCountValuesMakes(String query) {
    for (int i = 0; i < 100; i++) {
      for (int k = 0; k < 40; k++) {
        store.add("x{job=\"" + i + "\"}", k * 10, i * 1_000 + k);
      }
    }
    String text = query.endsWith("]") ? "count(max_over_time(" + query + "))" : query;

    assertThat(engine.range(Parser.parse(text), 0, 390_000, 10_000).series()).isNotEmpty();
    assertTooMuch(() -> small(30_000).range(Parser.parse(text), 0, 390_000, 10_000));
  }

  /** One in the other, each makes it twice as long: thirty of them would fill any heap. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "label_replace(%s, \"a\", \"$1$1\", \"a\", \"(.*)\")",
        "label_join(%s, \"a\", \"\", \"a\", \"a\")"
      })
  void onTheLengthOfLabels(String twice) {
    String query = "label_replace(vector(1), \"a\", \"" + "x".repeat(16) + "\", \"\", \"\")";
    for (int i = 0; i < 12; i++) {
      query = twice.formatted(query);
    }
    String longest = query;
    String tooLong = twice.formatted(query);

    assertThat(engine.instant(Parser.parse(longest), 0)).isNotNull();
    assertTooMuch(() -> engine.instant(Parser.parse(tooLong), 0));
    assertTooMuch(() -> small(8_000).instant(Parser.parse(longest), 0));
    // The same at each step counts once.
    assertThat(small(20_000).range(Parser.parse(longest), 0, 60_000, 1_000).series()).hasSize(1);
  }

  private QueryEngine small(long samples) {
    return new QueryEngine(
        store, new QueryLimits(Duration.ofSeconds(10), samples, 11_000), System::nanoTime);
  }

  private static void assertTooMuch(ThrowableAssert.ThrowingCallable query) {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(query)
        .satisfies(e -> assertThat(e.isTooMuch()).isTrue());
  }

  @Test
  void onlyWhatTakesTooMuchWillAgain() {
    store.row("a{x=\"1\"}", 0, 10, 1).row("a{x=\"2\"}", 0, 10, 1).row("b", 0, 10, 1);

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> engine.instant(Parser.parse("a + on () b"), 1_000))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION))
        .satisfies(e -> assertThat(e.isTooMuch()).isFalse());
  }

  /** With the stack that threads have in production. */
  @Test
  void onDepthSoThatTheDeepestTreeFitsTheStack() throws InterruptedException {
    store.row("x", 0, 10, 1, 2, 3, 4);
    int deepest = Parser.MAX_DEPTH - 10;
    List<String> queries =
        List.of(
            "vector(1" + "+1".repeat(deepest) + ")",
            "sum(x" + "+x".repeat(deepest) + ")",
            "x" + " or x".repeat(deepest),
            "abs(".repeat(90) + "x" + "+sum(x)".repeat(100) + ")".repeat(90),
            "max_over_time(sum(x" + "+x".repeat(deepest - 2) + ")[1m:10s])");
    List<Throwable> faults = new ArrayList<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              for (String query : queries) {
                assertThat(engine.range(Parser.parse(query), 30_000, 40_000, 5_000).series())
                    .hasSize(1);
              }
            },
            "small stack",
            512 * 1024);
    thread.setUncaughtExceptionHandler((_, fault) -> faults.add(fault));
    thread.start();
    thread.join();
    assertThat(faults).isEmpty();
  }

  /** A sign that computes what follows it twice makes of 90 of them more than anybody can wait. */
  @Test
  void onWorkSoThatEachPartIsComputedOnce() {
    store.row("x", 0, 10, 1, 2, 3, 4);

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          for (String odd : List.of("", "-")) {
            String query = "-".repeat(90) + odd + "x";
            assertThat(engine.instant(Parser.parse(query), 30_000))
                .isInstanceOfSatisfying(
                    Value.Vector.class,
                    v ->
                        assertThat(v.samples())
                            .extracting(Value.Sample::value)
                            .containsExactly(odd.isEmpty() ? 4.0 : -4.0));
          }
        });
  }

  @Test
  void onTimeWithinOneInstant() {
    store.row("x", 0, 10, 1, 2, 3, 4);
    long[] nanos = {0};
    QueryEngine slow =
        new QueryEngine(store, QueryLimits.DEFAULT, () -> nanos[0] += 2_000_000_000L);
    String chain = "abs(-sum(1 + x))";
    for (int i = 0; i < 20; i++) {
      chain = "abs(-sum(1 + " + chain + "))";
    }
    String query = chain;

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> slow.instant(Parser.parse(query), 30_000))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.TIMEOUT));
  }

  @Test
  void onTime() {
    long[] nanos = {0};
    QueryEngine slow =
        new QueryEngine(store, QueryLimits.DEFAULT, () -> nanos[0] += 2_000_000_000L);

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> slow.range(Parser.parse("1"), 0, 100, 1))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.TIMEOUT))
        .satisfies(e -> assertThat(e.isTooMuch()).isTrue());
  }

  @Test
  void onTimeWhileSamplesAreRead() {
    long[] nanos = {0};
    HandMadeStore slow =
        new HandMadeStore() {
          private Runnable check = () -> {};

          @Override
          public SeriesStore checked(Runnable byQuery) {
            check = byQuery;
            return this;
          }

          @Override
          public List<Samples> read(List<Series> of, long from, long to, long max) {
            nanos[0] += 11_000_000_000L;
            check.run();
            return super.read(of, from, to, max);
          }
        };
    slow.row("x", 0, 10, 1, 2, 3, 4);

    var own = new QueryEngine(slow, QueryLimits.DEFAULT, () -> nanos[0]);
    var share = new SharedSamples(1_000, Duration.ofSeconds(1)).share();

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> own.within(share).instant(Parser.parse("x"), 30_000))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.TIMEOUT));
    share.close();
  }

  @Test
  void aRuleIsDecidedThoughItsOneReadingWasSlow() {
    long[] nanos = {0};
    HandMadeStore slow =
        new HandMadeStore() {
          @Override
          public SeriesStore checked(Runnable byQuery) {
            throw new AssertionError("only what comes over HTTP is ended while it reads");
          }

          @Override
          public List<Samples> read(List<Series> of, long from, long to, long max) {
            nanos[0] += 11_000_000_000L;
            return super.read(of, from, to, max);
          }
        };
    slow.row("x", 0, 10, 1, 2, 3, 4);

    assertThat(
            new QueryEngine(slow, QueryLimits.DEFAULT, () -> nanos[0])
                .instant(Parser.parse("x"), 30_000))
        .isInstanceOf(Value.Vector.class);
  }

  @Test
  void onTheTimeOfSeveralQueries() {
    store.row("x", 0, 10, 1, 2, 3, 4);
    long[] nanos = {0};
    QueryEngine all =
        new QueryEngine(store, QueryLimits.DEFAULT, () -> nanos[0]).until(12_000_000_000L);
    all.range(Parser.parse("x"), 0, 10_000, 1_000);
    nanos[0] = 9_000_000_000L;
    all.instant(Parser.parse("x"), 10_000);

    nanos[0] = 13_000_000_000L;

    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> all.instant(Parser.parse("x"), 10_000))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.TIMEOUT));
  }
}
