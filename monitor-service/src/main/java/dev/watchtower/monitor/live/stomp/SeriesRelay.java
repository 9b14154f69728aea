package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.live.LiveInterest;
import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.monitor.live.Upstream;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /topic/series} of ingest-service, passed on. Each subscription has a connection of its own
 * to it: a selector that ingest-service refuses ends the connection that it came on.
 *
 * <p>Bounds: {@value #MOST} subscriptions, {@value #MOST_EACH} of one user or token.
 */
final class SeriesRelay implements LiveInterest, AutoCloseable {
  static final int MOST = 100;
  static final int MOST_EACH = 20;

  private final UpstreamRelay.Connector connector;
  private final JsonMapper json;
  private final Map<LiveSubscription, SeriesLine> lines = new HashMap<>();

  SeriesRelay(UpstreamRelay.Connector connector, JsonMapper json) {
    this.connector = connector;
    this.json = json;
  }

  @Override
  public boolean serves(String destination) {
    return destination.equals(Upstream.SERIES);
  }

  @Override
  public void subscribed(LiveSubscription subscription) {
    if (!serves(subscription.destination())) {
      return;
    }
    if (subscription.match().isEmpty()) {
      throw new IllegalArgumentException(
          "send the header 'match' with a selector, for example match:up{service=\"checkout\"}");
    }
    var line = new SeriesLine(subscription, connector, json);
    synchronized (lines) {
      checkRoom(subscription);
      lines.put(subscription, line);
    }
    line.start();
    line.refusal()
        .ifPresent(why -> {
          unsubscribed(subscription);
          throw new IllegalArgumentException(why);
        });
  }

  private void checkRoom(LiveSubscription subscription) {
    long own =
        lines.keySet().stream()
            .filter(s -> s.subscriber().equals(subscription.subscriber()))
            .count();
    if (own >= MOST_EACH) {
      throw new IllegalArgumentException(
          "too many selectors are listened to: " + MOST_EACH + " of one user or token at most");
    }
    if (lines.size() >= MOST) {
      throw new IllegalArgumentException(
          "too many selectors are listened to: " + MOST + " at most, try again later");
    }
  }

  @Override
  public void unsubscribed(LiveSubscription subscription) {
    SeriesLine line;
    synchronized (lines) {
      line = lines.remove(subscription);
    }
    if (line != null) {
      line.stop();
    }
  }

  @Override
  public void close() {
    synchronized (lines) {
      lines.values().forEach(SeriesLine::stop);
      lines.clear();
    }
  }
}
