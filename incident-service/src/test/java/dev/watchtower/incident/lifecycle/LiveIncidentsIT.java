package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LiveIncidentsIT extends RunningService {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();

  private final CompletableFuture<String> error = new CompletableFuture<>();

  private StompSession connect() throws Exception {
    var headers = new WebSocketHttpHeaders();
    headers.setBearerAuth(KEYS.token("monitor", "user:ann", "*", CLOCK.instant(), Scope.READ));
    return new WebSocketStompClient(new StandardWebSocketClient())
        .connectAsync(
            "ws://127.0.0.1:" + port + "/ws",
            headers,
            new StompSessionHandlerAdapter() {
              @Override
              public Type getPayloadType(StompHeaders frame) {
                return byte[].class;
              }

              @Override
              public void handleFrame(StompHeaders frame, @Nullable Object payload) {
                error.complete(String.valueOf(frame.getFirst("message")));
              }
            })
        .get(10, TimeUnit.SECONDS);
  }

  private void subscribe(StompSession session, String destination) {
    var headers = new StompHeaders();
    headers.setDestination(destination);
    headers.set("since-seq", "0");
    session.subscribe(
        headers,
        new StompFrameHandler() {
          @Override
          public Type getPayloadType(StompHeaders frame) {
            return byte[].class;
          }

          @Override
          public void handleFrame(StompHeaders frame, @Nullable Object payload) {
            received.add(
                JSON.readTree(
                    payload instanceof byte[] bytes
                        ? new String(bytes, StandardCharsets.UTF_8)
                        : "{}"));
          }
        });
  }

  @Test
  void whatHappensIsToldOnceItIsStored() throws Exception {
    var api = responder();
    var id =
        api.post("/api/v1/signals", signal(freshService(), "rule", SignalStatus.FIRING))
            .text("incident");
    var session = connect();
    subscribe(session, "/topic/incidents." + id);

    api.post("/api/v1/incidents/" + id + "/transitions", Map.of("event", "ACKNOWLEDGE"));

    var kinds = new ArrayList<String>();
    var state = "";
    long seq = 0;
    while (!state.equals("ACKNOWLEDGED") || !kinds.contains("STATE_CHANGED")) {
      var message = received.poll(10, TimeUnit.SECONDS);
      assertThat(message).as("after %s", kinds).isNotNull();
      long got = message.path("seq").asLong();
      assertThat(got).isEqualTo(seq == 0 ? got : seq + 1);
      seq = got;
      state = message.path("incident").path("state").asString();
      message.path("entries").forEach(e -> kinds.add(e.path("kind").asString()));
    }
    assertThat(kinds).startsWith("SIGNAL_FIRED");
    session.disconnect();
  }

  @Test
  void namesItsTopicsToWhoListensToAnIncidentByItsNumber() throws Exception {
    subscribe(connect(), "/topic/incidents.42");

    assertThat(error.get(10, TimeUnit.SECONDS)).contains("/topic/incidents, /topic/incidents.{id}");
  }
}
