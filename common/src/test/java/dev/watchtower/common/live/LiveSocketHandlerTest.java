package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;

class LiveSocketHandlerTest {
  private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC);
  private final LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock);
  private final Closing closing = new Closing();
  private final WebSocketSession socket = socket("one");
  private final LiveSocketHandler handler =
      new LiveSocketHandler(
          topics,
          (_, authorization) -> new LiveAuthenticator.Principal(authorization, null),
          List.of(closing),
          _ -> false,
          JsonMapper.shared(),
          new Never(),
          new LiveSession.Patience(10_000, 30_000),
          clock);

  private static WebSocketSession socket(String id) {
    return (WebSocketSession)
        Proxy.newProxyInstance(
            LiveSocketHandlerTest.class.getClassLoader(),
            new Class<?>[] {WebSocketSession.class},
            (_, method, _) ->
                switch (method.getName()) {
                  case "getId" -> id;
                  case "getAttributes" -> Map.of();
                  default -> method.getReturnType() == boolean.class ? (Object) false : null;
                });
  }

  /** Closes the connection in the middle of a subscription, as another thread would. */
  private final class Closing implements LiveInterest {
    private @Nullable LiveSocketHandler handler;

    @Override
    public void subscribed(LiveSubscription subscription) {
      if (handler != null) {
        handler.afterConnectionClosed(socket, CloseStatus.NORMAL);
      }
    }

    @Override
    public void unsubscribed(LiveSubscription subscription) {}
  }

  @Test
  void aConnectionThatEndsWhileItSubscribesLeavesNothing() throws Exception {
    connect(socket, "reader");
    closing.handler = handler;

    subscribe(socket, "/topic/metrics.a.b");

    assertThat(handler.sessionCount()).isZero();
    assertThat(topics.awaited()).isZero();
  }

  private void connect(WebSocketSession session, String subject) throws Exception {
    handler.afterConnectionEstablished(session);
    String connect = "CONNECT\naccept-version:1.2\nhost:x\nAuthorization:" + subject + "\n\n\0";
    handler.handleMessage(session, new TextMessage(connect));
  }

  private void subscribe(WebSocketSession session, String destination) throws Exception {
    String subscribe = "SUBSCRIBE\nid:1\ndestination:" + destination + "\n\n\0";
    handler.handleMessage(session, new TextMessage(subscribe));
  }

  @Test
  void oneTokenLeavesConnectionsForOthers() throws Exception {
    for (int i = 0; i <= LiveSocketHandler.MAX_SESSIONS_EACH; i++) {
      WebSocketSession one = socket("flood" + i);
      connect(one, "flood");
      subscribe(one, "/topic/" + i);
    }
    assertThat(topics.awaited()).isEqualTo(LiveSocketHandler.MAX_SESSIONS_EACH);

    connect(socket, "another");
    subscribe(socket, "/topic/another");
    assertThat(topics.awaited()).isEqualTo(LiveSocketHandler.MAX_SESSIONS_EACH + 1);
  }

  /** Writes nothing. */
  private static final class Never extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {}

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
