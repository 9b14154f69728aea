package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.live.LiveInterest;
import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.monitor.live.Upstream;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.context.SmartLifecycle;

/** All upstreams, and who listens to what has to be asked for. */
final class LiveRelay implements LiveInterest, SmartLifecycle {
  private final Map<Upstream, UpstreamRelay> relays = new EnumMap<>(Upstream.class);
  private final Map<String, Set<LiveSubscription>> listeners = new HashMap<>();
  private volatile boolean running;

  LiveRelay(
      UpstreamRelay.Connector connector, RelayedMessages messages, LiveTopics topics, Clock clock) {
    for (var upstream : Upstream.values()) {
      relays.put(upstream, new UpstreamRelay(upstream, connector, messages, topics, clock));
    }
  }

  @Override
  public void subscribed(LiveSubscription subscription) {
    var destination = subscription.destination();
    Upstream.onDemand(destination)
        .ifPresent(upstream -> {
          synchronized (listeners) {
            if (listeners.computeIfAbsent(destination, _ -> new HashSet<>()).add(subscription)
                && listeners.get(destination).size() == 1) {
              relay(upstream).want(destination);
            }
          }
        });
  }

  @Override
  public void unsubscribed(LiveSubscription subscription) {
    var destination = subscription.destination();
    Upstream.onDemand(destination)
        .ifPresent(upstream -> {
          synchronized (listeners) {
            var left = listeners.get(destination);
            if (left != null && left.remove(subscription) && left.isEmpty()) {
              listeners.remove(destination);
              relay(upstream).unwant(destination);
            }
          }
        });
  }

  private UpstreamRelay relay(Upstream upstream) {
    var relay = relays.get(upstream);
    if (relay == null) {
      throw new IllegalStateException("no relay for " + upstream);
    }
    return relay;
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
