package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.live.LiveInterest;
import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.monitor.live.Upstream;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.context.SmartLifecycle;

/**
 * All upstreams, and who listens to what has to be asked for.
 *
 * <p>Bounds: everybody shares one connection to each upstream, which takes 500 subscriptions and
 * breaks at one more. So at most {@value #MOST} destinations are asked for, and at most {@value
 * #MOST_EACH} of one user or token; whoever wants more is refused, and nobody else notices.
 */
final class LiveRelay implements LiveInterest, SmartLifecycle {
  static final int MOST = 200;
  static final int MOST_EACH = 20;

  /** A source whose live data is interrupted, and since when. */
  record Lost(String source, Instant since) {}

  private final Map<Upstream, UpstreamRelay> relays = new EnumMap<>(Upstream.class);

  /** By what is asked for because of them. */
  private final Map<String, Set<LiveSubscription>> listeners = new HashMap<>();

  private volatile boolean running;

  LiveRelay(
      UpstreamRelay.Connector connector, RelayedMessages messages, LiveTopics topics, Clock clock) {
    for (var upstream : Upstream.values()) {
      relays.put(upstream, new UpstreamRelay(upstream, connector, messages, topics, clock));
    }
  }

  /** The sources that are not heard now. */
  List<Lost> lost() {
    return relays.values().stream().flatMap(r -> r.lost().stream()).toList();
  }

  @Override
  public void subscribed(LiveSubscription subscription) {
    Upstream.onDemand(subscription.destination())
        .ifPresent(wanted -> {
          synchronized (listeners) {
            checkRoom(subscription, wanted);
            if (listeners.computeIfAbsent(wanted, _ -> new HashSet<>()).add(subscription)
                && listeners.get(wanted).size() == 1) {
              incidents().want(wanted);
            }
          }
        });
  }

  @Override
  public void unsubscribed(LiveSubscription subscription) {
    Upstream.onDemand(subscription.destination())
        .ifPresent(wanted -> {
          synchronized (listeners) {
            var left = listeners.get(wanted);
            if (left != null && left.remove(subscription) && left.isEmpty()) {
              listeners.remove(wanted);
              incidents().unwant(wanted);
            }
          }
        });
  }

  private void checkRoom(LiveSubscription subscription, String wanted) {
    long own =
        listeners.entrySet().stream()
            .filter(e -> !e.getKey().equals(wanted))
            .filter(e ->
                e.getValue().stream()
                    .anyMatch(s -> s.subscriber().equals(subscription.subscriber())))
            .count();
    if (own >= MOST_EACH) {
      throw new IllegalArgumentException(
          "too many incidents are listened to: " + MOST_EACH + " of one user or token at most");
    }
    if (listeners.size() >= MOST && !listeners.containsKey(wanted)) {
      throw new IllegalArgumentException(
          "too many incidents are listened to: " + MOST + " at most, try again later");
    }
  }

  private UpstreamRelay incidents() {
    return Objects.requireNonNull(relays.get(Upstream.INCIDENT));
  }

  @Override
  public void start() {
    running = true;
    relays.values().forEach(UpstreamRelay::start);
  }

  @Override
  public void stop() {
    running = false;
    relays.values().forEach(UpstreamRelay::stop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
