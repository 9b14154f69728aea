package dev.watchtower.ingest.query.live;

import dev.watchtower.ingest.query.Numbers;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to which series. Listeners of the same selector share one watch; which watches a
 * series concerns is worked out once and kept in a cache of fixed size, so that a sample nobody
 * listens to costs one look. {@link #accepted} is for one thread, the rest for any.
 */
final class SeriesWatches {
  /** Series of one watch at a time. */
  static final int MAX_SERIES = 100;

  /** A series that was not heard for so long makes room for another. */
  static final Duration RECENT = Duration.ofMinutes(5);

  /** Places of the cache, a power of two; two series of the same place drive each other out. */
  private static final int CACHED = 1 << 16;

  /** Series left out that are told apart; more are not counted. */
  private static final int MAX_LEFT_OUT = 1_000;

  /** Samples that are handed out at a time. */
  static final int MAX_POINTS = 500;

  private static final long SWEEP_MILLIS = 10_000;
  private static final Watch[] NONE = {};

  /** A sample; the value as text, because JSON has no NaN, and {@code stale} for a series' end. */
  record Point(Map<String, String> labels, long ts, String value) {}

  /** Takes what is new; never waits. */
  @FunctionalInterface
  interface Listener {
    /**
     * Samples of one batch, or a part of it: {@link #MAX_POINTS} at most.
     *
     * @param leftOut series that match and are beyond the limit, as far as they were counted
     */
    void take(List<Point> points, int leftOut);
  }

  private record Condition(String label, Predicate<String> test) {}

  /** What is known of a series: the watches up to a number that it concerns. */
  private record Known(long series, long upTo, Watch[] concerned) {}

  private final Map<String, Watch> byMatch = new HashMap<>();

  /** Those in use, by rising number; replaced, never changed. */
  private volatile Watch[] watches = NONE;

  private long lastNumber;
  private final @Nullable Known[] cache = new @Nullable Known[CACHED];
  private long sweptAt;

  private static final class Watch {
    private final String match;
    private final long number;
    private final List<Condition> conditions;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Series, Taken> taken = new HashMap<>();

    private final Set<Series> leftOut = new HashSet<>();

    Watch(String match, long number, List<Matcher> matchers) {
      this.match = match;
      this.number = number;
      conditions = matchers.stream().map(m -> new Condition(m.name(), m.test())).toList();
    }

    boolean matches(Series series) {
      try {
        return conditions.stream()
            .allMatch(c -> c.test().test(series.labels().getOrEmpty(c.label())));
      } catch (IllegalArgumentException e) {
        // A regular expression that takes too many steps on this value: count it as no match.
        return false;
      }
    }

    /** The labels of a series that it takes; null where it has enough others. */
    @Nullable Map<String, String> takes(Series series, long now) {
      var known = taken.get(series);
      if (known == null && taken.size() < MAX_SERIES) {
        known = new Taken(series.labels().toMap());
        taken.put(series, known);
      }
      if (known != null) {
        known.heard = now;
        return known.labels;
      }
      if (leftOut.size() < MAX_LEFT_OUT) {
        leftOut.add(series);
      }
      return null;
    }

    void sweep(long now) {
      // The clock may have been put back.
      taken.values().forEach(series -> series.heard = Math.min(series.heard, now));
      if (taken.values().removeIf(series -> now - series.heard > RECENT.toMillis())) {
        // Those that still come are taken now, or counted again.
        leftOut.clear();
      }
    }
  }

  /** A series that is handed out: its labels, made once, and when it was heard last. */
  private static final class Taken {
    private final Map<String, String> labels;
    private long heard;

    Taken(Map<String, String> labels) {
      this.labels = Collections.unmodifiableMap(labels);
    }
  }

  /** Begins to listen. The same text has to come with the same matchers. */
  synchronized void add(String match, List<Matcher> matchers, Listener listener) {
    Watch watch = byMatch.get(match);
    if (watch == null) {
      watch = new Watch(match, ++lastNumber, matchers);
      byMatch.put(match, watch);
      Watch[] more = Arrays.copyOf(watches, watches.length + 1);
      more[watches.length] = watch;
      watches = more;
    }
    watch.listeners.add(listener);
  }

  /** Ends listening. */
  synchronized void remove(Listener listener) {
    List<Watch> left = new ArrayList<>(watches.length);
    for (Watch watch : watches) {
      if (watch.listeners.remove(listener) && watch.listeners.isEmpty()) {
        byMatch.remove(watch.match);
      } else {
        left.add(watch);
      }
    }
    watches = left.toArray(NONE);
  }

  /**
   * Tells the listeners of a batch.
   *
   * @param now milliseconds since the epoch
   */
  void accepted(AcceptedBatch batch, long now) {
    Watch[] current = watches;
    if (now - sweptAt >= SWEEP_MILLIS || now < sweptAt) {
      sweptAt = now;
      for (Watch watch : current) {
        watch.sweep(now);
      }
    }
    if (current.length == 0) {
      return;
    }
    Map<Watch, List<Point>> points = new IdentityHashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      Series series = batch.series(i);
      for (Watch watch : concerned(series, current)) {
        Map<String, String> labels = watch.listeners.isEmpty() ? null : watch.takes(series, now);
        if (labels != null) {
          List<Point> found = points.computeIfAbsent(watch, _ -> new ArrayList<>());
          found.add(point(batch, i, labels));
          if (found.size() == MAX_POINTS) {
            handOut(watch, found);
            points.remove(watch);
          }
        }
      }
    }
    points.forEach(SeriesWatches::handOut);
  }

  private static void handOut(Watch watch, List<Point> points) {
    watch.listeners.forEach(listener -> listener.take(points, watch.leftOut.size()));
  }

  private Watch[] concerned(Series series, Watch[] current) {
    int place = (int) series.id() & (CACHED - 1);
    Known known = cache[place];
    long newest = current[current.length - 1].number;
    if (known != null && known.series() == series.id() && known.upTo() >= newest) {
      return known.concerned();
    }
    long upTo = known != null && known.series() == series.id() ? known.upTo() : 0;
    List<Watch> concerned = new ArrayList<>();
    if (known != null && upTo > 0) {
      for (Watch watch : known.concerned()) {
        if (!watch.listeners.isEmpty()) {
          concerned.add(watch);
        }
      }
    }
    int first = current.length;
    while (first > 0 && current[first - 1].number > upTo) {
      first--;
    }
    for (int i = first; i < current.length; i++) {
      if (current[i].matches(series)) {
        concerned.add(current[i]);
      }
    }
    Watch[] found = concerned.isEmpty() ? NONE : concerned.toArray(NONE);
    cache[place] = new Known(series.id(), newest, found);
    return found;
  }

  private static Point point(AcceptedBatch batch, int i, Map<String, String> labels) {
    double value = batch.value(i);
    return new Point(
        labels, batch.timestamp(i), Samples.isStale(value) ? "stale" : Numbers.format(value));
  }

  /** Series that are remembered for watches, all together. */
  int remembered() {
    int count = 0;
    for (Watch watch : watches) {
      count += watch.taken.size() + watch.leftOut.size();
    }
    return count;
  }

  /** Different selectors that are listened to. */
  int size() {
    return watches.length;
  }
}
