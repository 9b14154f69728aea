package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.web.ServiceContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Peers that are gone without a word: no ping is answered, or nothing is read any more. */
@TestPropertySource(properties = "watchtower.live.silent=1500ms")
@DirtiesContext
class HalfOpenIT extends ServiceContext {
  /** Three times the silence, the time between two looks, and a bit for a busy machine. */
  private static final Duration SILENT = Duration.ofMillis(3 * 1_500 + 2_000 + 1_000);

  private static final Duration TAKES_NOTHING = Duration.ofSeconds(10 + 1);

  /** Tomcat waits for the peer to agree, and looks every ten seconds. */
  private static final Duration NO_ANSWER = Duration.ofSeconds(2 + 10 + 1);

  @Autowired LiveTopics topics;
  @Autowired LiveSocketHandler handler;

  /** A subscriber that lives; its client answers pings by itself. */
  private static final class Listener implements WebSocket.Listener {
    private final AtomicInteger heard = new AtomicInteger();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      heard.incrementAndGet();
      socket.request(1);
      return null;
    }
  }

  @Test
  void areCutInTimeAndLeaveNothingWhileOthersGoOn() throws Exception {
    var listener = new Listener();
    var living = living(listener);
    long held = handler.heldBytes();
    try (var full = new RawSubscriber(port, token(Scope.READ), "/topic/full");
        var idle = new RawSubscriber(port, token(Scope.READ), "/topic/idle");
        var timer = Executors.newSingleThreadScheduledExecutor()) {
      var beats = timer.scheduleAtFixedRate(() -> beat(full), 500, 500, TimeUnit.MILLISECONDS);
      fillUntilAWriterIsStuck();
      assertThat(handler.sessionCount()).isEqualTo(3);

      await().atMost(SILENT).until(() -> handler.sessionCount() < 3);
      assertThat(handler.sessionCount()).as("it says that it is there").isEqualTo(2);
      publishes(listener);
      await().atMost(TAKES_NOTHING).until(() -> handler.sessionCount() < 2);
      await().atMost(Duration.ofSeconds(1)).until(() -> handler.waitingBytes() == 0);
      assertThat(handler.heldBytes()).as("what subscriptions hold").isEqualTo(held);
      full.readToItsEnd(Duration.ofSeconds(2));
      idle.readToItsEnd(NO_ANSWER);
      publishes(listener);
      assertThat(handler.sessionCount()).isEqualTo(1);
      beats.cancel(true);
    } finally {
      living.abort();
    }
  }

  private static void beat(RawSubscriber subscriber) {
    try {
      subscriber.beat();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fillUntilAWriterIsStuck() {
    var ballast = "x".repeat(8_000);
    await()
        .pollInterval(Duration.ofMillis(20))
        .during(Duration.ofMillis(500))
        .until(() -> {
          boolean waits = handler.waitingBytes() > 0;
          for (int i = 0; i < 40; i++) {
            topics.publish("/topic/full", seq -> Map.of("seq", seq, "ballast", ballast));
          }
          return waits;
        });
  }

  private void publishes(Listener listener) {
    int before = listener.heard.get();
    topics.publish("/topic/living", seq -> Map.of("seq", seq));
    await().atMost(Duration.ofSeconds(2)).until(() -> listener.heard.get() > before);
  }

  private WebSocket living(Listener listener) {
    var socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols("v12.stomp")
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), listener)
            .join();
    for (var frame :
        new String[] {
          "CONNECT\naccept-version:1.2\nhost:x\nAuthorization:Bearer " + token(Scope.READ),
          "SUBSCRIBE\nid:1\nreceipt:r\ndestination:/topic/living"
        }) {
      int before = listener.heard.get();
      var unused = socket.sendText(frame + "\n\n\0", true).join();
      await().until(() -> listener.heard.get() > before);
    }
    return socket;
  }
}
