package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.monitor.live.Upstream;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The samples of one selector for one subscription: connects, passes on, and connects again with
 * back-off. Runs on a virtual thread of its own; messages arrive on the connection's threads.
 */
final class SeriesLine {
  private static final Logger LOG = LoggerFactory.getLogger(SeriesLine.class);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 4_000;

  /** So long whoever subscribes is kept waiting for ingest-service's word. */
  private static final long WORD_SECONDS = 10;

  private final LiveSubscription subscription;
  private final UpstreamRelay.Connector connector;
  private final JsonMapper json;
  private final SeriesFeed feed;

  /** Why it was refused at first; empty where it was not, or nobody answered. */
  private final CompletableFuture<Optional<String>> word = new CompletableFuture<>();

  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable StompSession session;
  private volatile @Nullable Thread thread;
  private volatile boolean missed;

  SeriesLine(LiveSubscription subscription, UpstreamRelay.Connector connector, JsonMapper json) {
    this.subscription = subscription;
    this.connector = connector;
    this.json = json;
    this.feed = new SeriesFeed(subscription::isBehind, subscription::send);
    subscription.whenCaughtUp(feed::flush);
  }

  void start() {
    thread = Thread.ofVirtual().name("series-relay").start(this::run);
  }

  void stop() {
    stopped.countDown();
    var running = thread;
    if (running != null) {
      running.interrupt();
    }
    UpstreamRelay.close(session);
  }

  /** Waits for what ingest-service says to the selector: why it refuses it, or nothing. */
  Optional<String> refusal() {
    try {
      return word.get(WORD_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    try {
      while (stopped.getCount() > 0) {
        var ending = new Ending();
        StompSession connected = null;
        try {
          connected = connector.connect(Upstream.INGEST, ending);
          session = connected;
          subscribe(connected);
          ending.over.await();
          pause = ending.refused ? pause : FIRST_PAUSE_MILLIS;
        } catch (ExecutionException | TimeoutException | RuntimeException | Error e) {
          // Whatever it is: this thread is the only one that ever connects again.
          LOG.atDebug().setCause(e).log("a selector is not listened to");
        } finally {
          UpstreamRelay.close(connected);
        }
        missed = true;
        word.complete(Optional.empty());
        if (stopped.await(pause, TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void subscribe(StompSession connected) {
    connected.setAutoReceipt(true);
    var headers = new StompHeaders();
    headers.setDestination(Upstream.SERIES);
    headers.set("match", subscription.match());
    connected.subscribe(headers, new Samples()).addReceiptTask(this::taken);
  }

  private void taken() {
    word.complete(Optional.empty());
    if (missed) {
      missed = false;
      subscription.send(seq -> Map.of("seq", seq, "reset", true));
    }
  }

  private final class Samples implements StompFrameHandler {
    @Override
    public Type getPayloadType(StompHeaders headers) {
      return byte[].class;
    }

    @Override
    public void handleFrame(StompHeaders headers, @Nullable Object payload) {
      try {
        if (payload instanceof byte[] body && json.readTree(body) instanceof ObjectNode message) {
          feed.take(message);
        }
      } catch (JacksonException e) {
        LOG.atWarn().setCause(e).log("an unreadable message of samples was left out");
      }
    }
  }

  /** Notices how the connection ends. */
  private final class Ending extends StompSessionHandlerAdapter {
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean refused;

    /** Of the body of an ERROR frame. */
    @Override
    public Type getPayloadType(StompHeaders headers) {
      return byte[].class;
    }

    /** An ERROR frame: the server closes after it. */
    @Override
    public void handleFrame(StompHeaders headers, @Nullable Object payload) {
      refused = true;
      word.complete(Optional.of(String.valueOf(headers.getFirst("message"))));
      over.countDown();
    }

    @Override
    public void handleTransportError(StompSession session, Throwable exception) {
      over.countDown();
    }
  }
}
