package dev.watchtower.ingest.query.live;

import dev.watchtower.common.live.LiveInterest;
import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.ingest.query.ComputingThreads;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The topic {@code /topic/series}: the raw samples of what the header {@code match} selects, at
 * most {@link #MAX_SERIES} series a subscription at a time. Series beyond that are left out, and
 * the message says how many; one that was not heard for {@link SeriesWatches#RECENT} makes room.
 * Each batch of samples is one message, or several of {@link SeriesWatches#MAX_POINTS} samples; a
 * slow subscriber gets the newest sample of each series instead.
 */
public final class SeriesTopic implements LiveInterest, SampleListener {
  /** Series of one subscription. */
  public static final int MAX_SERIES = SeriesWatches.MAX_SERIES;

  /** Different selectors that one user or token may listen to at a time, over all connections. */
  public static final int MAX_EACH = 200;

  private static final String DESTINATION = "/topic/series";

  private final QueryEngine engine;
  private final Clock clock;
  private final ComputingThreads thread = new ComputingThreads("series-search", 1);
  private final SeriesWatches watches = new SeriesWatches();
  private final ConcurrentMap<LiveSubscription, SeriesWatches.Listener> listeners =
      new ConcurrentHashMap<>();

  /** A topic over the stored series. */
  public SeriesTopic(QueryEngine engine, Clock clock) {
    this.engine = engine;
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
    String match = subscription.match();
    if (match.isEmpty()) {
      throw new IllegalArgumentException(
          "send the header 'match' with a selector, for example match:up{service=\"checkout\"}");
    }
    List<Matcher> matchers = matchers(match);
    checkRoom(subscription.subscriber(), match);
    thread.call(() -> searched(matchers));
    SeriesFeed listener = new SeriesFeed(subscription::isBehind, subscription::send);
    subscription.whenCaughtUp(listener::flush);
    listeners.put(subscription, listener);
    watches.add(match, matchers, listener);
  }

  /**
   * Series that a selector would have now, at most {@link #MAX_SERIES}. The search has the time of
   * a query.
   *
   * @throws IllegalArgumentException if it cannot be listened to
   */
  List<Series> searched(List<Matcher> matchers) {
    try {
      Instant now = clock.instant();
      return engine.series().first(matchers, now.minus(SeriesWatches.RECENT), now, MAX_SERIES);
    } catch (SeriesStore.StoreUnavailableException e) {
      throw new IllegalArgumentException("storage is not ready: subscribe again in a moment", e);
    } catch (QueryException e) {
      throw new IllegalArgumentException("the search for the series takes too long", e);
    }
  }

  /** Those who listen to the same selector share what it costs. */
  private void checkRoom(String subscriber, String match) {
    long others =
        listeners.keySet().stream()
            .filter(s -> s.subscriber().equals(subscriber))
            .map(LiveSubscription::match)
            .filter(m -> !m.equals(match))
            .distinct()
            .count();
    if (others >= MAX_EACH) {
      throw new IllegalArgumentException(
          "too many selectors are listened to: " + MAX_EACH + " of one user or token at most");
    }
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
    SeriesWatches.Listener listener = listeners.remove(subscription);
    if (listener != null) {
      watches.remove(listener);
    }
  }

  @Override
  public String name() {
    return "series-topic";
  }

  @Override
  public void accepted(AcceptedBatch batch) {
    watches.accepted(batch, clock.millis());
  }
}
