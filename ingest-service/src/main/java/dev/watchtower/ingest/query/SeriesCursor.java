package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Rolled;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series that a query needs, and the place it has come to. Windows are asked for
 * in rising order, so that each sample is passed once.
 */
final class SeriesCursor {
  /** Most series of one selector. */
  private static final int MAX_SERIES = 100_000;

  /** What a series takes beside its samples, as samples: this, and what its arrays begin with. */
  private static final int SAMPLES = 3;

  /** Within it most series have the sample before a time, so that no more has to be read. */
  private static final long NEAR = 60_000;

  private final Labels labels;
  private final long[] times;
  private final double[] values;
  private final @Nullable Rolled rolled;
  private @Nullable Labels nameless;
  private int start;
  private int end;

  private SeriesCursor(Labels labels, long[] times, double[] values, @Nullable Rolled rolled) {
    this.labels = labels;
    this.times = times;
    this.values = values;
    this.rolled = rolled;
  }

  /**
   * Reads what the matchers select in {@code (from, to]}.
   *
   * @param lead how far before that the last sample is looked for; 0 if it is not wanted
   * @param staleMarkers whether the markers of a series' end are wanted
   */
  static List<SeriesCursor> read(
      SeriesStore store,
      List<Matcher> matchers,
      long from,
      long to,
      long lead,
      boolean staleMarkers,
      Budget budget) {
    try {
      List<Series> series =
          store.select(
              matchers,
              Instant.ofEpochMilli(from + 1 - lead),
              Instant.ofEpochMilli(to),
              MAX_SERIES);
      long near = Math.min(lead, NEAR);
      List<Samples> samples =
          new ArrayList<>(budget.read(most -> store.read(series, from + 1 - near, to, most)));
      if (near < lead) {
        readFurtherBack(store, series, samples, from, to, lead, budget);
      }
      List<SeriesCursor> cursors = new ArrayList<>(series.size());
      for (int i = 0; i < series.size(); i++) {
        Samples read = samples.get(i);
        if (read.size() > 0) {
          cursors.add(of(series.get(i).labels(), read, staleMarkers));
        }
      }
      budget.charge((long) SAMPLES * cursors.size());
      return cursors;
    } catch (SeriesStore.LimitExceededException e) {
      throw QueryException.tooMuch(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw QueryException.badData(String.valueOf(e.getMessage()));
    }
  }

  /** Reads those again that have no sample before {@code from}: they are sent seldom, or new. */
  private static void readFurtherBack(
      SeriesStore store,
      List<Series> series,
      List<Samples> samples,
      long from,
      long to,
      long lead,
      Budget budget) {
    int[] places =
        IntStream.range(0, series.size()).filter(i -> !isLed(samples.get(i), from)).toArray();
    List<Series> wanted = IntStream.of(places).mapToObj(series::get).toList();
    if (wanted.isEmpty()) {
      return;
    }
    List<Samples> read = budget.read(most -> store.read(wanted, from + 1 - lead, to, most));
    for (int i = 0; i < places.length; i++) {
      samples.set(places[i], read.get(i));
    }
  }

  private static boolean isLed(Samples samples, long from) {
    for (int i = 0; i < samples.size() && samples.timestamp(i) <= from; i++) {
      if (!Samples.isStale(samples.value(i))) {
        return true;
      }
    }
    return false;
  }

  /** Of computed points. */
  static SeriesCursor of(Value.Points points) {
    return new SeriesCursor(points.labels(), points.times(), points.values(), null);
  }

  private static SeriesCursor of(Labels labels, Samples samples, boolean staleMarkers) {
    int stale = 0;
    for (int i = 0; i < samples.size() && !staleMarkers; i++) {
      stale += Samples.isStale(samples.value(i)) ? 1 : 0;
    }
    if (stale == 0) {
      return new SeriesCursor(labels, samples.timestamps(), samples.values(), samples.rolled());
    }
    long[] times = new long[samples.size() - stale];
    double[] values = new double[times.length];
    int kept = 0;
    for (int i = 0; i < samples.size(); i++) {
      if (!Samples.isStale(samples.value(i))) {
        times[kept] = samples.timestamp(i);
        values[kept++] = samples.value(i);
      }
    }
    // Those that are rolled up stand first and have no markers among them.
    return new SeriesCursor(labels, times, values, samples.rolled());
  }

  Labels labels() {
    return labels;
  }

  /** Its labels without the metric's name; always the same object, for the same {@code memo}. */
  Labels withoutName(LabelMemo memo) {
    Labels known = nameless;
    if (known == null) {
      known = memo.withoutName(labels);
      nameless = known;
    }
    return known;
  }

  /** The samples in {@code (from, to]}; neither may fall from one call to the next. */
  Window window(long from, long to) {
    while (start < times.length && times[start] <= from) {
      start++;
    }
    end = Math.max(end, start);
    while (end < times.length && times[end] <= to) {
      end++;
    }
    return new Window(times, values, rolled, start, end, from, to);
  }
}
