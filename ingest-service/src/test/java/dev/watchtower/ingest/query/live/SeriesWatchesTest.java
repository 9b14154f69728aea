package dev.watchtower.ingest.query.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesWatchesTest {
  private final SeriesWatches watches = new SeriesWatches();

  /** Notes what it is told. */
  private static final class Heard implements SeriesWatches.Listener {
    private final List<String> series = new ArrayList<>();
    private int leftOut;

    @Override
    public void take(List<SeriesWatches.Point> points, int left) {
      points.forEach(p -> series.add(p.labels().get("i")));
      leftOut = left;
    }
  }

  private Heard listen(String match) {
    Heard heard = new Heard();
    watches.add(match, Parser.selector(match), heard);
    return heard;
  }

  private void arrive(String name, int from, int to, long now) {
    Series[] series = new Series[to - from];
    for (int i = from; i < to; i++) {
      series[i - from] =
          new Series(
              (name.equals("up") ? 1_000_000L : 1) + i,
              Labels.of("__name__", name, "i", Integer.toString(i)));
    }
    watches.accepted(
        new AcceptedBatch(series, new long[series.length], new double[series.length], to - from),
        now);
  }

  @Test
  void remembersOnlyWhatMatches() {
    Heard heard = listen("up{i=\"7\"}");
    arrive("other", 0, 50_000, 0);
    arrive("up", 0, 100, 0);

    assertThat(heard.series).containsExactly("7");
    assertThat(watches.remembered()).isEqualTo(1);
  }

  @Test
  void sharesOneWatchAmongListenersOfTheSameSelector() {
    List<Heard> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      all.add(listen("up"));
    }
    arrive("up", 0, 10, 0);

    assertThat(watches.size()).isEqualTo(1);
    assertThat(watches.remembered()).isEqualTo(10);
    assertThat(all).allMatch(heard -> heard.series.size() == 10);
    all.forEach(watches::remove);
    assertThat(watches.size()).isZero();
    assertThat(watches.remembered()).isZero();
  }

  @Test
  void makesRoomForNewSeriesWhenOldOnesAreNotHeardAnyMore() {
    Heard heard = listen("up");
    arrive("up", 0, 130, 0);
    assertThat(heard.series).hasSize(100);
    assertThat(heard.leftOut).isEqualTo(30);

    heard.series.clear();
    long later = SeriesWatches.RECENT.toMillis() + 1;
    arrive("up", 200, 260, later);

    assertThat(heard.series).hasSize(60).contains("200", "259");
    assertThat(heard.leftOut).isZero();
  }

  @Test
  void makesRoomForThemAlsoAfterAClockThatWasAhead() {
    Heard heard = listen("up");
    arrive("up", 0, 130, 3_600_000);
    arrive("up", 0, 1, 0);
    heard.series.clear();

    arrive("up", 200, 260, SeriesWatches.RECENT.toMillis() + 1);

    assertThat(heard.series).hasSize(60).contains("200", "259");
  }

  @Test
  void findsTheSeriesOfAWatchThatCameLaterThanTheSeries() {
    Heard first = listen("up");
    arrive("up", 0, 3, 0);
    Heard second = listen("up{i=\"2\"}");
    watches.remove(first);
    arrive("up", 0, 3, 1);

    assertThat(first.series).containsExactly("0", "1", "2");
    assertThat(second.series).containsExactly("2");
  }

  /** A request of hundreds of thousands of samples must not become one message. */
  @Test
  void handsOutALargeBatchInParts() {
    List<Integer> sizes = new ArrayList<>();
    watches.add(
        "up", Parser.selector("up"), (points, left) -> sizes.add(new ArrayList<>(points).size()));
    Series series = new Series(1, Labels.of("__name__", "up"));
    Series[] each = new Series[1_201];
    java.util.Arrays.fill(each, series);

    watches.accepted(new AcceptedBatch(each, new long[1_201], new double[1_201], 1_201), 0);

    assertThat(sizes).containsExactly(SeriesWatches.MAX_POINTS, SeriesWatches.MAX_POINTS, 201);
  }
}
