package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.lastknown.http.PeerRefresh;
import dev.watchtower.monitor.live.Upstream;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is done with each message from upstream: it goes on to the browsers under a number of our
 * own, and what it tells is remembered.
 */
final class RelayedMessages {
  private static final Logger LOG = LoggerFactory.getLogger(RelayedMessages.class);
  private static final int MAX_DESTINATIONS = 2_000;
  private static final long RETRY_MILLIS = 2_000;

  private final LiveTopics topics;
  private final LastKnown known;
  private final PeerRefresh refresh;
  private final JsonMapper json;
  private final Clock clock;
  private final Map<String, Long> lastSeqs = new ConcurrentHashMap<>();

  /** Released when the connection that the refresh belongs to is over. */
  private final Map<Upstream, Semaphore> connections = new ConcurrentHashMap<>();

  RelayedMessages(
      LiveTopics topics, LastKnown known, PeerRefresh refresh, JsonMapper json, Clock clock) {
    this.topics = topics;
    this.known = known;
    this.refresh = refresh;
    this.json = json;
    this.clock = clock;
  }

  /** The newest number that upstream gave on the destination, for asking what was missed. */
  OptionalLong lastSeq(String destination) {
    var seq = lastSeqs.get(destination);
    return seq == null ? OptionalLong.empty() : OptionalLong.of(seq);
  }

  /** The destination is not followed any more. */
  void forget(String destination) {
    lastSeqs.remove(destination);
  }

  /**
   * The upstream is heard again: what it told meanwhile is read, and gaps are made known. Until
   * that has succeeded, what is remembered of it stays marked as stale.
   *
   * @param fresh run when what is remembered is true again, unless the upstream is lost before
   */
  void connected(Upstream upstream, Runnable fresh) {
    var mine = new Semaphore(0);
    var before = connections.put(upstream, mine);
    if (before != null) {
      before.release();
    }
    Thread.ofVirtual()
        .name("refresh-" + upstream.peer())
        .start(() -> refresh(upstream, mine, fresh));
  }

  private void refresh(Upstream upstream, Semaphore over, Runnable fresh) {
    try {
      while (!refreshed(upstream)) {
        if (over.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      synchronized (connections) {
        if (over.equals(connections.get(upstream))) {
          known.connected(upstream.peer(), clock.instant());
          if (upstream == Upstream.INGEST) {
            // A pattern cannot be replayed, so whoever listens has to ask for the history.
            lastSeqs.keySet().stream()
                .filter(d -> d.startsWith("/topic/metrics."))
                .forEach(this::reset);
          }
          fresh.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean refreshed(Upstream upstream) {
    try {
      return refresh.refresh(upstream.peer());
    } catch (RuntimeException | Error e) {
      // Above all a store that is full or locked. Without another try the copy would be called
      // stale for as long as this connection lasts.
      LOG.atError()
          .setCause(e)
          .addKeyValue("source", upstream.peer())
          .log("the state of a peer could not be taken, trying again");
      return false;
    }
  }

  /** The upstream is heard no more. Nothing of its last connection is made known after this. */
  void lost(Upstream upstream, Instant now) {
    synchronized (connections) {
      var over = connections.remove(upstream);
      if (over != null) {
        over.release();
      }
      known.lost(upstream.peer(), now);
    }
  }

  /** The upstream gave a sign of life on its connection. */
  void heard(Upstream upstream) {
    known.heard(upstream.peer(), clock.instant());
  }

  /**
   * Takes one message.
   *
   * @param subscribed what was asked for: the destination, or a pattern
   */
  void take(Upstream upstream, String subscribed, String destination, byte[] body) {
    try {
      if (!(json.readTree(body) instanceof ObjectNode message)) {
        LOG.atWarn().addKeyValue("destination", destination).log("not a JSON object, left out");
        return;
      }
      if (message.path("reset").asBoolean(false)) {
        lastSeqs.remove(destination);
        reset(destination);
        return;
      }
      // A pattern cannot be replayed; of metrics it is to be known who listens to what all the
      // same.
      boolean followed = upstream == Upstream.INGEST || destination.equals(subscribed);
      if (followed
          && message.path("seq").isNumber()
          && (lastSeqs.size() < MAX_DESTINATIONS || lastSeqs.containsKey(destination))) {
        lastSeqs.put(destination, message.path("seq").asLong());
      }
      try {
        // Before it goes out: whoever reads the copy after this message finds it there.
        remember(upstream, destination, message);
      } finally {
        topics.publish(destination, seq -> message.put("seq", seq));
      }
    } catch (JacksonException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("destination", destination)
          .log("an unreadable live message was left out");
    }
  }

  private void remember(Upstream upstream, String destination, ObjectNode message) {
    if (upstream == Upstream.INCIDENT) {
      var incident = unwrapped(message, "incident", "allowedEvents");
      if (incident != null) {
        known.take(json.treeToValue(incident, IncidentView.class), clock.instant());
      }
    } else if (upstream == Upstream.INGEST && destination.startsWith("/topic/metrics.")) {
      known.take(json.treeToValue(message, SignalsBatch.class));
    }
  }

  /** The record in a message: under its name, or the message itself; null when it is neither. */
  private static @Nullable JsonNode unwrapped(ObjectNode message, String name, String mark) {
    return message.path(name).isObject() ? message.path(name) : message.has(mark) ? message : null;
  }

  /** Tells whoever listens to the destination that it missed something and has to ask. */
  void reset(String destination) {
    topics.publish(destination, seq -> Map.of("reset", true, "seq", seq));
  }
}
