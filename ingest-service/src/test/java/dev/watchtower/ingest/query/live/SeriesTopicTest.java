package dev.watchtower.ingest.query.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.SeriesStore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeriesTopicTest {
  private final AtomicLong nanos = new AtomicLong();
  private long searchNanos;
  private final HandMadeStore store =
      new HandMadeStore() {
        @Override
        public SeriesStore checked(Runnable check) {
          nanos.addAndGet(searchNanos);
          check.run();
          return this;
        }
      };
  private final SeriesTopic topic =
      new SeriesTopic(
          new QueryEngine(store, QueryLimits.DEFAULT, nanos::get), MutableClock.ofAFixedDay());

  @Test
  void aSearchHasTheTimeOfAQuery() {
    store.series("up{job=\"a\"}");
    assertThat(topic.searched(Parser.selector("up"))).hasSize(1);

    searchNanos = 11_000_000_000L;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> topic.searched(Parser.selector("up")))
        .withMessage("the search for the series takes too long");
  }

  @Test
  void aSelectorOfManySeriesIsTaken() {
    for (int i = 0; i <= SeriesTopic.MAX_SERIES; i++) {
      store.series("up{job=\"" + i + "\"}");
    }

    assertThat(topic.searched(Parser.selector("up"))).hasSize(SeriesTopic.MAX_SERIES);
  }
}
