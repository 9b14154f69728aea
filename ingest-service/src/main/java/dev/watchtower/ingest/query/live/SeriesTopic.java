package dev.watchtower.ingest.query.live;

import dev.watchtower.common.live.LiveInterest;
import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.ingest.query.Numbers;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * The topic {@code /topic/series}: the raw samples of what the header {@code match} selects, at
 * most {@link #MAX_SERIES} series a subscription. Series beyond that are left out, and the message
 * says how many. Each batch of samples is one message.
 */
public final class SeriesTopic implements LiveInterest, SampleListener {
  /** Series of one subscription. */
  public static final int MAX_SERIES = 100;

  private static final String DESTINATION = "/topic/series";
  private static final Duration RECENT = Duration.ofMinutes(5);
  private static final int MAX_REMEMBERED = 100_000;

  /** A sample; the value as text, because JSON has no NaN, and {@code stale} for a series' end. */
  record Point(Map<String, String> labels, long ts, String value) {}

  /** The message. */
  record SeriesBatch(long seq, List<Point> samples, int leftOut) {}

  private record Condition(String label, Predicate<String> test) {}

  private static final class Watch {
    private final List<Condition> conditions;
    private final Map<Series, Boolean> known = new HashMap<>();
    private int taken;
    private int leftOut;

    Watch(List<Matcher> matchers) {
      conditions = matchers.stream().map(m -> new Condition(m.name(), m.test())).toList();
    }

    private boolean matches(Series series) {
      try {
        return conditions.stream()
            .allMatch(c -> c.test().test(series.labels().getOrEmpty(c.label())));
      } catch (IllegalArgumentException e) {
        // A regular expression that takes too many steps on this value: count it as no match.
        return false;
      }
    }

    boolean takes(Series series) {
      Boolean takes = known.get(series);
      if (takes == null) {
        if (known.size() >= MAX_REMEMBERED) {
          known.clear();
          taken = 0;
          leftOut = 0;
        }
        boolean matches = matches(series);
        takes = matches && taken < MAX_SERIES;
        taken += takes ? 1 : 0;
        leftOut += matches && !takes ? 1 : 0;
        known.put(series, takes);
      }
      return takes;
    }
  }

  private final SeriesStore store;
  private final Clock clock;
  private final ConcurrentMap<LiveSubscription, Watch> watches = new ConcurrentHashMap<>();

  /** A topic over the stored series. */
  public SeriesTopic(SeriesStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public boolean serves(String destination) {
    return destination.equals(DESTINATION);
  }

  @Override
  public void subscribed(LiveSubscription subscription) {
    if (!serves(subscription.destination())) {
      return;
    }
    String match = subscription.header("match");
    if (match == null) {
      throw new IllegalArgumentException(
          "send the header 'match' with a selector, for example match:up{service=\"checkout\"}");
    }
    List<Matcher> matchers = matchers(match);
    try {
      Instant now = clock.instant();
      store.select(matchers, now.minus(RECENT), now, MAX_SERIES);
    } catch (SeriesStore.LimitExceededException e) {
      throw new IllegalArgumentException(
          "the selector matches more than " + MAX_SERIES + " series: narrow it", e);
    } catch (SeriesStore.StoreUnavailableException e) {
      throw new IllegalArgumentException("storage is not ready: subscribe again in a moment", e);
    }
    watches.put(subscription, new Watch(matchers));
  }

  private static List<Matcher> matchers(String match) {
    try {
      return Parser.selector(match);
    } catch (QueryException e) {
      throw new IllegalArgumentException("match: " + e.getMessage(), e);
    }
  }

  @Override
  public void unsubscribed(LiveSubscription subscription) {
    watches.remove(subscription);
  }

  @Override
  public String name() {
    return "series-topic";
  }

  @Override
  public void accepted(AcceptedBatch batch) {
    for (Map.Entry<LiveSubscription, Watch> entry : watches.entrySet()) {
      Watch watch = entry.getValue();
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        if (watch.takes(batch.series(i))) {
          double value = batch.value(i);
          points.add(
              new Point(
                  batch.series(i).labels().toMap(),
                  batch.timestamp(i),
                  Samples.isStale(value) ? "stale" : Numbers.format(value)));
        }
      }
      if (!points.isEmpty()) {
        int leftOut = watch.leftOut;
        entry.getKey().send(seq -> new SeriesBatch(seq, points, leftOut));
      }
    }
  }
}
