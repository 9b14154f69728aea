package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.monitor.live.Interruption;
import dev.watchtower.monitor.live.Upstream;
import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSession.Subscription;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;

/**
 * One upstream: connects, passes its messages on, says when it is lost, and connects again with
 * back-off. Runs on a virtual thread of its own; messages arrive on the connection's threads.
 */
final class UpstreamRelay {
  /** Makes the connection. */
  @FunctionalInterface
  interface Connector {
    StompSession connect(Upstream upstream, StompSessionHandlerAdapter handler)
        throws ExecutionException, TimeoutException, InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamRelay.class);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 4_000;

  private final Upstream upstream;
  private final Connector connector;
  private final RelayedMessages messages;
  private final LiveTopics topics;
  private final Clock clock;
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();

  /** Since when the listeners believe that this source is lost; null while they do not. */
  private final AtomicReference<@Nullable Instant> lostSince = new AtomicReference<>();

  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable StompSession session;
  private volatile @Nullable Thread thread;

  UpstreamRelay(
      Upstream upstream,
      Connector connector,
      RelayedMessages messages,
      LiveTopics topics,
      Clock clock) {
    this.upstream = upstream;
    this.connector = connector;
    this.messages = messages;
    this.topics = topics;
    this.clock = clock;
  }

  void start() {
    thread = Thread.ofVirtual().name("relay-" + upstream.peer()).start(this::run);
  }

  void stop() {
    stopped.countDown();
    var running = thread;
    if (running != null) {
      running.interrupt();
    }
    close(session);
  }

  /**
   * Asks for a destination from now on, over reconnects. What a pattern stands for that is wanted
   * too comes with it, and is not asked for twice.
   */
  synchronized void want(String destination) {
    wanted.add(destination);
    follow();
  }

  /** Asks for it no more. */
  synchronized void unwant(String destination) {
    wanted.remove(destination);
    follow();
  }

  /** First what is missing, then without what is too much: nothing is lost between. */
  private void follow() {
    var asked = asked();
    var connected = session;
    if (connected != null && connected.isConnected()) {
      try {
        asked.forEach(d -> subscribe(connected, d));
      } catch (RuntimeException e) {
        // It broke just now: what is wanted is asked for again with the next connection.
        LOG.atDebug().setCause(e).addKeyValue("source", upstream.peer()).log("not subscribed");
      }
    }
    subscriptions.keySet().stream()
        .filter(d -> !asked.contains(d) && !upstream.always().contains(d))
        .toList()
        .forEach(this::unsubscribe);
  }

  private List<String> asked() {
    return wanted.stream()
        .filter(d -> wanted.stream().noneMatch(p -> !p.equals(d) && standsFor(p, d)))
        .toList();
  }

  private static boolean standsFor(String pattern, String destination) {
    return pattern.endsWith("*") && destination.regionMatches(0, pattern, 0, pattern.length() - 1);
  }

  private void unsubscribe(String destination) {
    messages.forget(destination);
    var subscription = subscriptions.remove(destination);
    var connected = session;
    if (subscription != null && connected != null && connected.isConnected()) {
      try {
        subscription.unsubscribe();
      } catch (RuntimeException e) {
        // It broke just now, and the subscription went with it.
        LOG.atDebug().setCause(e).addKeyValue("source", upstream.peer()).log("not unsubscribed");
      }
    }
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    try {
      do {
        var lost = new CountDownLatch(1);
        StompSession connected = null;
        try {
          connected =
              connector.connect(upstream, new Handler(lost, () -> messages.heard(upstream)));
          open(connected);
          pause = FIRST_PAUSE_MILLIS;
          lost.await();
          LOG.atWarn().addKeyValue("source", upstream.peer()).log("live data interrupted");
        } catch (ExecutionException | TimeoutException | RuntimeException | Error e) {
          // Whatever it is, above all a connection that breaks at the first subscription: this
          // thread is the only one that ever connects again.
          LOG.atDebug().setCause(e).addKeyValue("source", upstream.peer()).log("not connected");
          close(connected);
        }
        session = null;
        var since = clock.instant();
        messages.lost(upstream, since);
        if (lostSince.compareAndSet(null, since)) {
          tell(true, since);
        }
        if (stopped.await(pause, TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      } while (stopped.getCount() > 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it is not heard now. */
  Optional<LiveRelay.Lost> lost() {
    return Optional.ofNullable(lostSince.get())
        .map(since -> new LiveRelay.Lost(upstream.peer(), since));
  }

  /** Ends the connection, if it stands. */
  static void close(@Nullable StompSession connected) {
    if (connected != null) {
      try {
        connected.disconnect();
      } catch (RuntimeException e) {
        LOG.atDebug().setCause(e).log("a live connection was broken already");
      }
    }
  }

  private synchronized void open(StompSession connected) {
    subscriptions.clear();
    session = connected;
    upstream.always().forEach(d -> subscribe(connected, d));
    asked().forEach(d -> subscribe(connected, d));
    // After the subscriptions: what is read now and what is told from now on leave no gap.
    messages.connected(upstream, this::fresh);
    LOG.atInfo().addKeyValue("source", upstream.peer()).log("live data flows");
  }

  /**
   * What is known of the source is true again. Whoever has asked since it was lost was given an old
   * copy, so all are told to ask once more, and only then that nothing is interrupted.
   */
  private void fresh() {
    if (upstream == Upstream.INCIDENT) {
      upstream.always().forEach(messages::reset);
      wanted.forEach(messages::reset);
    }
    if (lostSince.getAndSet(null) != null) {
      tell(false, clock.instant());
    }
  }

  private void subscribe(StompSession connected, String destination) {
    var headers = new StompHeaders();
    headers.setDestination(destination);
    messages.lastSeq(destination).ifPresent(seq -> headers.set("since-seq", Long.toString(seq)));
    subscriptions.computeIfAbsent(
        destination, d -> connected.subscribe(headers, new Frames(destination)));
  }

  private void tell(boolean interrupted, Instant since) {
    topics.publish(
        Upstream.HEALTH, seq -> new Interruption(seq, interrupted, since, upstream.peer()));
  }

  /** Messages of one subscription; a pattern's messages name their own destination. */
  private final class Frames implements StompFrameHandler {
    private final String subscribed;

    Frames(String subscribed) {
      this.subscribed = subscribed;
    }

    @Override
    public Type getPayloadType(StompHeaders headers) {
      return byte[].class;
    }

    @Override
    public void handleFrame(StompHeaders headers, @Nullable Object payload) {
      var destination = headers.getDestination();
      if (payload instanceof byte[] body) {
        messages.take(upstream, subscribed, destination == null ? subscribed : destination, body);
      }
    }
  }

  /** Notices signs of life and the end of the connection. */
  private static final class Handler extends StompSessionHandlerAdapter
      implements AttentiveClient.Listener {
    private final CountDownLatch lost;
    private final Runnable heard;

    Handler(CountDownLatch lost, Runnable heard) {
      this.lost = lost;
      this.heard = heard;
    }

    @Override
    public void heard() {
      heard.run();
    }

    @Override
    public void handleException(
        StompSession session,
        @Nullable StompCommand command,
        StompHeaders headers,
        byte[] payload,
        Throwable exception) {
      LOG.atWarn().setCause(exception).log("a live message could not be taken");
    }

    @Override
    public void handleTransportError(StompSession session, Throwable exception) {
      lost.countDown();
    }

    /** Of the body of an ERROR frame. */
    @Override
    public Type getPayloadType(StompHeaders headers) {
      return byte[].class;
    }

    /** An ERROR frame: the server closes after it. */
    @Override
    public void handleFrame(StompHeaders headers, @Nullable Object payload) {
      LOG.atWarn()
          .addKeyValue("reason", String.valueOf(headers.getFirst("message")))
          .log("a live topic was refused");
    }
  }
}
