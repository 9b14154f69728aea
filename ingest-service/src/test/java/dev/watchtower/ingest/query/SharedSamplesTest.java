package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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
  void hasRoomForAQuarterOfTheHeap() {
    assertThat(QueryLimits.ofHeap(320L << 20).maxSamples()).isEqualTo((80L << 20) / 32);
    assertThat(QueryLimits.ofHeap(64L << 30)).isEqualTo(QueryLimits.DEFAULT);
  }
}
