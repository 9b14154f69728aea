package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.web.ServiceContext;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

class LiveIT extends ServiceContext {
  @Autowired LiveTopics topics;

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> error = new CompletableFuture<>();

  @Test
  void numbersTheMessagesOfADestination() throws Exception {
    var session = connect(token(Scope.READ));
    subscribe(session, "/topic/a", null);

    topics.publish("/topic/a", seq -> Map.of("seq", seq));
    topics.publish("/topic/other", seq -> Map.of("seq", seq));
    topics.publish("/topic/a", seq -> Map.of("seq", seq));

    long last = topics.lastSeq("/topic/a");
    assertThat(next()).isEqualTo("/topic/a {\"seq\":" + (last - 1) + "}");
    assertThat(next()).isEqualTo("/topic/a {\"seq\":" + last + "}");
  }

  @Test
  void replaysWhatWasMissedAndThenGoesOn() throws Exception {
    for (int i = 0; i < 5; i++) {
      topics.publish("/topic/b", seq -> Map.of("seq", seq));
    }
    var session = connect(token(Scope.READ));

    long seen = topics.lastSeq("/topic/b") - 2;
    subscribe(session, "/topic/b", Long.toString(seen));
    topics.publish("/topic/b", seq -> Map.of("seq", seq));

    assertThat(next()).endsWith("{\"seq\":" + (seen + 1) + "}");
    assertThat(next()).endsWith("{\"seq\":" + (seen + 2) + "}");
    assertThat(next()).endsWith("{\"seq\":" + (seen + 3) + "}");
  }

  @Test
  void replaysAllToWhoHasSeenNothing() throws Exception {
    topics.publish("/topic/d", seq -> Map.of("seq", seq));
    topics.publish("/topic/d", seq -> Map.of("seq", seq));
    var session = connect(token(Scope.READ));

    subscribe(session, "/topic/d", "0");

    long last = topics.lastSeq("/topic/d");
    assertThat(next()).endsWith("{\"seq\":" + (last - 1) + "}");
    assertThat(next()).endsWith("{\"seq\":" + last + "}");
  }

  @Test
  void saysSoWhenWhatWasMissedIsGone() throws Exception {
    for (int i = 0; i < Topic.MAX_KEPT + 5; i++) {
      topics.publish("/topic/c", seq -> Map.of("seq", seq));
    }
    var session = connect(token(Scope.READ));

    long gone = topics.lastSeq("/topic/c") - Topic.MAX_KEPT - 2;
    subscribe(session, "/topic/c", Long.toString(gone));
    assertThat(next()).endsWith("{\"reset\":true}");

    subscribe(session, "/topic/c2", "7");
    assertThat(next()).endsWith("{\"reset\":true}");
  }

  @Test
  void takesAllDestinationsThatBeginAlike() throws Exception {
    var session = connect(token(Scope.READ));
    subscribe(session, "/topic/m.prod.*", null);

    topics.publish("/topic/m.test.x", seq -> Map.of("seq", seq));
    topics.publish("/topic/m.prod.x", seq -> Map.of("seq", seq));

    assertThat(next()).startsWith("/topic/m.prod.x {\"seq\":");
  }

  @Test
  void wantsATokenThatMayRead() {
    for (var token : new String[] {"wt_junk", token(Scope.INGEST_WRITE)}) {
      assertThatThrownBy(() -> connect(token)).isInstanceOf(ExecutionException.class);
    }
  }

  @Test
  void takesNothingIn() throws Exception {
    var session = connect(token(Scope.READ));

    session.send("/topic/a", "x".getBytes(StandardCharsets.UTF_8));

    assertThat(error.get(5, TimeUnit.SECONDS)).contains("only listened to");
  }

  @Test
  void refusesOtherDestinationsAndWrongNumbers() throws Exception {
    var session = connect(token(Scope.READ));
    var headers = new StompHeaders();
    headers.setDestination("/queue/a");
    session.subscribe(headers, new Frames());

    assertThat(error.get(5, TimeUnit.SECONDS)).contains("no such destination");
  }

  @Test
  void goesOnAfterADroppedConnectionWhereItWasLeft() throws Exception {
    long seen;
    try (var dropped = new RawSubscriber(port, token(Scope.READ), "/topic/dropped")) {
      topics.publish("/topic/dropped", seq -> Map.of("seq", seq));
      assertThat(dropped.frame()).contains("{\"seq\":");
      seen = topics.lastSeq("/topic/dropped");
    }
    topics.publish("/topic/dropped", seq -> Map.of("seq", seq));
    topics.publish("/topic/dropped", seq -> Map.of("seq", seq));

    subscribe(connect(token(Scope.READ)), "/topic/dropped", Long.toString(seen));
    topics.publish("/topic/dropped", seq -> Map.of("seq", seq));

    for (int i = 1; i <= 3; i++) {
      assertThat(next()).endsWith("{\"seq\":" + (seen + i) + "}");
    }
  }

  @Test
  void holdsBackNobodyForAConnectionThatTakesNothing() throws Exception {
    var ballast = "x".repeat(2_000);
    try (var halfOpen = new RawSubscriber(port, token(Scope.READ), "/topic/half")) {
      subscribe(connect(token(Scope.READ)), "/topic/half", null);
      for (int i = 0; i < 8_000; i++) {
        topics.publish("/topic/half", seq -> Map.of("seq", seq, "ballast", ballast));
      }
      long last = topics.lastSeq("/topic/half");

      var message = next();
      while (!message.contains("\"seq\":" + last + "}")
          && !message.contains("\"seq\":" + last + ",")) {
        message = next();
      }
      // It reads on after all: much was left out, the newest comes, in order.
      long before = 0;
      for (int read = 0; before < last; read++) {
        long seq = seq(halfOpen.frame());
        assertThat(seq).isGreaterThan(before);
        assertThat(read).isLessThan(7_999);
        before = seq;
      }
    }
  }

  @Test
  void tellsAPatternThatNothingIsKeptForIt() throws Exception {
    topics.publish("/topic/kept.a", seq -> Map.of("seq", seq));
    subscribe(connect(token(Scope.READ)), "/topic/kept.*", "5");

    assertThat(next()).isEqualTo("/topic/kept.* {\"reset\":true}");
    topics.publish("/topic/kept.a", seq -> Map.of("n", 2));
    assertThat(next()).startsWith("/topic/kept.a ");
  }

  private static long seq(String frame) {
    var number = frame.substring(frame.indexOf("\"seq\":") + 6);
    return Long.parseLong(number.substring(0, number.indexOf(number.contains(",") ? ',' : '}')));
  }

  private String next() throws InterruptedException {
    var message = received.poll(5, TimeUnit.SECONDS);
    assertThat(message).as("a message within 5 s").isNotNull();
    return message;
  }

  /** Returns when the server has confirmed the subscription. */
  private void subscribe(StompSession session, String destination, @Nullable String sinceSeq)
      throws Exception {
    session.setAutoReceipt(true);
    var headers = new StompHeaders();
    headers.setDestination(destination);
    if (sinceSeq != null) {
      headers.set("since-seq", sinceSeq);
    }
    var confirmed = new CompletableFuture<Boolean>();
    session.subscribe(headers, new Frames()).addReceiptTask(() -> confirmed.complete(true));
    assertThat(confirmed.get(5, TimeUnit.SECONDS)).isTrue();
  }

  private StompSession connect(String token) throws Exception {
    var client = new WebSocketStompClient(new StandardWebSocketClient());
    client.setTaskScheduler(new SimpleAsyncTaskScheduler());
    var headers = new StompHeaders();
    headers.set("Authorization", "Bearer " + token);
    return client
        .connectAsync(
            "ws://127.0.0.1:" + port + "/ws", new WebSocketHttpHeaders(), headers, new Frames())
        .get(5, TimeUnit.SECONDS);
  }

  private final class Frames extends StompSessionHandlerAdapter implements StompFrameHandler {
    @Override
    public Type getPayloadType(StompHeaders headers) {
      return byte[].class;
    }

    @Override
    public void handleFrame(StompHeaders headers, @Nullable Object payload) {
      if (headers.getDestination() == null) {
        error.complete(String.valueOf(headers.getFirst("message")));
      } else {
        received.add(
            headers.getDestination() + " " + new String((byte[]) payload, StandardCharsets.UTF_8));
      }
    }

    @Override
    public void handleException(
        StompSession session,
        @Nullable StompCommand command,
        StompHeaders headers,
        byte[] payload,
        Throwable exception) {
      error.complete(exception.toString());
    }
  }
}
