package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final Later writers = new Later();
  private final WebSocketSession socket = socket("one");
  private final LiveSocketHandler handler =
      new LiveSocketHandler(
          topics,
          LiveDestinations.of("/topic/{name}").oneByOne("/topic2/one.{id}"),
          (_, authorization) -> new LiveAuthenticator.Principal(authorization, null),
          List.of(closing),
          _ -> false,
          JsonMapper.shared(),
          writers,
          new LiveSession.Patience(10_000, 30_000),
          clock);

  private final StringBuilder sent = new StringBuilder();
  private final AtomicInteger closed = new AtomicInteger();

  private WebSocketSession socket(String id) {
    return (WebSocketSession)
        Proxy.newProxyInstance(
            LiveSocketHandlerTest.class.getClassLoader(),
            new Class<?>[] {WebSocketSession.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "getId" -> id;
                  case "close" -> {
                    closed.incrementAndGet();
                    yield null;
                  }
                  case "sendMessage" -> {
                    sent.append(((TextMessage) arguments[0]).getPayload());
                    yield null;
                  }
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
    for (int i = 0; i <= LiveSessions.MOST_EACH; i++) {
      WebSocketSession one = socket("flood" + i);
      connect(one, "flood");
      subscribe(one, "/topic/" + i);
    }
    assertThat(topics.awaited()).isEqualTo(LiveSessions.MOST_EACH);

    connect(socket, "another");
    subscribe(socket, "/topic/another");
    assertThat(topics.awaited()).isEqualTo(LiveSessions.MOST_EACH + 1);
  }

  @Test
  void whoNeverSaysWhoItIsShutsOutNobody() throws Exception {
    connect(socket, "early");
    for (int i = 0; i < LiveSessions.MOST + LiveSessions.MOST_STRANGERS + 9; i++) {
      handler.afterConnectionEstablished(socket("silent" + i));
    }
    assertThat(answer()).contains("ERROR\nmessage:too many others are waiting");
    assertThat(closed).as("the oldest gave way").hasValue(10);

    WebSocketSession late = socket("late");
    connect(late, "late");
    subscribe(late, "/topic/a");
    subscribe(socket, "/topic/b");
    assertThat(topics.awaited()).as("both listen").isEqualTo(2);
    assertThat(answer()).contains("CONNECTED");
    sent.setLength(0);
    handler.handleMessage(socket("silent0"), new TextMessage("CONNECT\nAuthorization:one\n\n\0"));
    assertThat(answer()).as("it came too late").isEmpty();
  }

  @Test
  void aThousandOpenTheirConnectionsAtOnceAndSayAfterwardsWhoTheyAre() throws Exception {
    var sockets = new ArrayList<WebSocketSession>();
    for (int i = 0; i < 1_000; i++) {
      sockets.add(socket("one" + i));
      handler.afterConnectionEstablished(sockets.getLast());
    }
    for (var one : sockets) {
      handler.handleMessage(one, new TextMessage("CONNECT\nAuthorization:one\n\n\0"));
    }
    assertThat(answer()).doesNotContain("ERROR");
    assertThat(closed).hasValue(0);
    assertThat(answer().split("CONNECTED", -1)).hasSize(1_001);
  }

  @Test
  void takesSoManyWhoSaidWhoTheyAre() throws Exception {
    for (int i = 0; i < LiveSessions.MOST; i++) {
      connect(socket("one" + i), "user" + i);
    }
    assertThat(answer()).doesNotContain("ERROR");

    connect(socket, "another");
    assertThat(answer()).contains("ERROR\nmessage:too many connections, try again later");

    handler.afterConnectionClosed(socket("one0"), CloseStatus.NORMAL);
    sent.setLength(0);
    connect(socket("again"), "another");
    assertThat(answer()).startsWith("CONNECTED");
  }

  private static String padded(String frame) {
    return frame.replace("\n\n\0", "\npad:" + "x".repeat(15_000) + "\n\n\0");
  }

  private void say(String frame) throws Exception {
    handler.handleMessage(socket, new TextMessage(frame));
  }

  private String answer() {
    writers.run();
    return sent.toString();
  }

  @Test
  void holdsLittleOfSubscriptionsWhateverElseTheySay() throws Exception {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    long before = memory.getHeapMemoryUsage().getUsed();
    for (int i = 0; i < 40; i++) {
      WebSocketSession one = socket("flood" + i);
      connect(one, "flood");
      for (int k = 0; k < LiveSocketHandler.MAX_SUBSCRIPTIONS; k++) {
        var frame = "SUBSCRIBE\nid:" + k + "\ndestination:/topic/" + k + "\n\n\0";
        handler.handleMessage(one, new TextMessage(padded(frame)));
      }
    }

    memory.gc();
    assertThat(handler.sessionCount()).isEqualTo(40);
    assertThat(memory.getHeapMemoryUsage().getUsed() - before).isLessThan(60_000_000);
    // What is counted is about that, and is given back.
    assertThat(handler.heldBytes()).isBetween(1_000_000L, 60_000_000L);
    for (int i = 0; i < 40; i++) {
      handler.afterConnectionClosed(socket("flood" + i), CloseStatus.NORMAL);
    }
    assertThat(handler.heldBytes()).isZero();
  }

  @Test
  void boundsWhatTheSubscriptionsOfOneSubscriberHold() {
    var held = new HeldBytes(100_000);
    int taken = 0;
    while (held.take(subscription("flood", "x".repeat(1_000)))) {
      taken++;
    }
    assertThat(taken).isBetween(5, 20);
    assertThat(held.take(subscription("another", ""))).isTrue();
    while (held.take(subscription("another", ""))) {
      taken++;
    }
    assertThat(held.used()).isLessThanOrEqualTo(100_000);
  }

  private LiveSubscription subscription(String subscriber, String match) {
    return new LiveSubscription(
        "1",
        "/topic/series",
        subscriber,
        match,
        new LiveSubscription.Outlet(JsonMapper.shared(), WaitingBytes.ofHeap(), 1, () -> {}));
  }

  @Test
  void takesSelectorsUpToALimit() throws Exception {
    connect(socket, "reader");
    var match = "x".repeat(15_000);
    for (int i = 0; i < 30 && !answer().contains("ERROR"); i++) {
      say("SUBSCRIBE\nid:" + i + "\nmatch:" + match + "\ndestination:/topic/series\n\n\0");
    }

    assertThat(answer()).contains("ERROR\nmessage:too much text in the selectors");
    assertThat(topics.awaited()).as("one topic").isEqualTo(1);
    assertThat(closed).hasValue(1);
  }

  @Test
  void refusesLongIdsAndReceipts() throws Exception {
    connect(socket, "reader");

    say("ACK\nid:1\nreceipt:" + "r".repeat(201) + "\n\n\0");

    assertThat(answer()).contains("200 characters").doesNotContain("rrrr");
    assertThat(closed).hasValue(1);
    say("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
    assertThat(topics.awaited()).as("nothing is read any more").isZero();
  }

  @Test
  void endsAConnectionThatWantsMoreReceiptsThanItTakes() throws Exception {
    connect(socket, "reader");
    for (int i = 0; i < 2_000; i++) {
      say("ACK\nid:1\nreceipt:" + "r".repeat(190) + "\n\n\0");
    }

    assertThat(answer().length()).isBetween(30_000, LiveSession.MAX_CONTROL_BYTES);
    assertThat(closed).hasValue(1);
  }

  @Test
  void takesNoFrameInManyPieces() throws Exception {
    connect(socket, "reader");
    say("ACK\nid:1\ncontent-length:10000\n\n");
    for (int i = 0; i < 1_000; i++) {
      say("x");
    }

    assertThat(answer()).contains("ERROR\nmessage:a frame comes in too many pieces");
    assertThat(closed).hasValue(1);
  }

  @Test
  void speaksTheVersionThatTheClientKnows() throws Exception {
    handler.afterConnectionEstablished(socket);
    say("CONNECT\nhost:x\nAuthorization:a\n\n\0");
    assertThat(answer()).startsWith("CONNECTED\nversion:1.0\n");

    sent.setLength(0);
    say("CONNECT\naccept-version:1.0,1.1\nhost:x\nAuthorization:a\n\n\0");
    assertThat(answer()).startsWith("CONNECTED\nversion:1.1\n");
  }

  @Test
  void namesTheTopicsToWhoAsksForAnother() throws Exception {
    connect(socket, "reader");
    say("SUBSCRIBE\nid:1\nreceipt:r:1\ndestination:/queue/a\n\n\0");

    var text = "no such destination '/queue/a', there are: /topic/{name}, /topic2/one.{id}";
    assertThat(answer())
        .endsWith(
            "ERROR\nmessage:%s\nreceipt-id:r\\c1\ncontent-type:text/plain\ncontent-length:%d\n\n%s\0"
                .formatted(text.replace(":", "\\c"), text.length(), text));
    assertThat(closed).hasValue(1);
    assertThat(topics.awaited()).isZero();
  }

  @Test
  void saysInPlainWordsWhatIsWrongBeforeItIsConnected() throws Exception {
    for (var frame :
        Map.of(
                "FOO\n\n\0", "no such command, there are CONNECT",
                "CONNECT\na\\b\n\n\0", "not a STOMP frame, Illegal header: 'a b'",
                "CONNECT\na:b\n\nbody\0", "not a STOMP frame, CONNECT shouldn't have a payload",
                "CONNECT\nheart-beat:abc\n\n\0", "heart-beat is two whole numbers",
                "CONNECT\nheart-beat:1,-1\n\n\0", "heart-beat is two whole numbers",
                "SEND\ncontent-type:x\n\n\0", "not a STOMP frame, Invalid mime type")
            .entrySet()) {
      sent.setLength(0);
      var fresh = socket(frame.getKey());
      handler.afterConnectionEstablished(fresh);
      handler.handleMessage(fresh, new TextMessage(frame.getKey()));

      assertThat(answer())
          .startsWith("ERROR\nmessage:" + frame.getValue())
          .doesNotContain("org.spring", "headers=")
          .contains("\n\n" + frame.getValue().substring(0, 10));
    }
    assertThat(closed).hasValue(6);
  }

  @Test
  void escapesNothingForAClientOfTheFirstVersion() throws Exception {
    handler.afterConnectionEstablished(socket);
    say("CONNECT\nhost:x\nAuthorization:a\n\n\0");
    say("SEND\ndestination:/topic/a\n\n\0");

    assertThat(answer()).contains("\nmessage:SEND is not taken here: topics are only");
  }

  /** Writes when it is told to. */
  private static final class Later extends AbstractExecutorService {
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    void run() {
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }
    }

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
