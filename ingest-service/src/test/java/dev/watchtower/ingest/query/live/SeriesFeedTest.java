package dev.watchtower.ingest.query.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.query.live.SeriesWatches.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SeriesFeedTest {
  private final AtomicBoolean behind = new AtomicBoolean();
  private final List<SeriesFeed.SeriesBatch> sent = new ArrayList<>();
  private final SeriesFeed feed =
      new SeriesFeed(
          behind::get,
          message -> sent.add((SeriesFeed.SeriesBatch) message.apply(sent.size() + 1)));

  private static Point point(String series, long ts) {
    return new Point(Map.of("i", series), ts, Long.toString(ts));
  }

  @Test
  void sendsEverythingToASubscriberThatKeepsUp() {
    feed.take(List.of(point("a", 1), point("a", 2)), 0);
    feed.take(List.of(point("b", 3)), 4);

    assertThat(sent)
        .containsExactly(
            new SeriesFeed.SeriesBatch(1, List.of(point("a", 1), point("a", 2)), 0),
            new SeriesFeed.SeriesBatch(2, List.of(point("b", 3)), 4));
  }

  @Test
  void keepsTheNewestOfEachSeriesForOneThatDoesNot() {
    behind.set(true);
    feed.take(List.of(point("a", 1), point("b", 1)), 0);
    feed.take(List.of(point("a", 5), point("a", 4)), 2);
    assertThat(sent).isEmpty();

    behind.set(false);
    feed.flush();
    feed.flush();

    assertThat(sent)
        .containsExactly(new SeriesFeed.SeriesBatch(1, List.of(point("a", 5), point("b", 1)), 2));
  }

  @Test
  void sendsWhatItKeptWithTheNextSamplesWhereNothingWaitsAnyMore() {
    behind.set(true);
    feed.take(List.of(point("a", 1)), 0);
    behind.set(false);

    feed.take(List.of(point("b", 2)), 0);
    feed.take(List.of(point("b", 3)), 0);

    assertThat(sent)
        .containsExactly(
            new SeriesFeed.SeriesBatch(1, List.of(point("a", 1), point("b", 2)), 0),
            new SeriesFeed.SeriesBatch(2, List.of(point("b", 3)), 0));
  }
}
