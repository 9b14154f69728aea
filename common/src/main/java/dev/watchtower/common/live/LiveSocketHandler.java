package dev.watchtower.common.live;

import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompConversionException;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server's side of STOMP 1.2 (1.1 and 1.0 too) for topics that are only listened to: CONNECT,
 * SUBSCRIBE, UNSUBSCRIBE, DISCONNECT, receipts and heart-beats. SEND is refused: nothing is changed
 * over a live connection.
 */
final class LiveSocketHandler extends TextWebSocketHandler implements SubProtocolCapable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSocketHandler.class);
  static final int MAX_SUBSCRIPTIONS = 500;
  static final int FRAME_LIMIT = 16 * 1024;

  /** Characters of an id or a receipt, which are sent back with each message or kept meanwhile. */
  private static final int MAX_ID = 200;

  private static final int MAX_DESTINATION = 300;

  /** Characters of all selectors of one connection. */
  static final int MAX_MATCH = 256 * 1024;

  private static final String COMMANDS =
      "CONNECT, STOMP, SUBSCRIBE, UNSUBSCRIBE, ACK, NACK and DISCONNECT";

  private static final long SEND_LIMIT_MILLIS = 10_000;

  /** How long a client may take to agree to the end of a connection that we close. */
  private static final long CLOSE_LIMIT_MILLIS = 2_000;

  private final LiveTopics topics;
  private final LiveDestinations destinations;
  private final LiveAuthenticator authenticator;
  private final List<LiveInterest> interests;
  private final Predicate<String> revoked;
  private final JsonMapper json;
  private final ExecutorService writers;
  private final LiveSession.Patience patience;
  private final WaitingBytes bytes = WaitingBytes.ofHeap();
  private final HeldBytes held = HeldBytes.ofHeap();
  private final Clock clock;
  private final LiveSessions sessions = new LiveSessions();

  LiveSocketHandler(
      LiveTopics topics,
      LiveDestinations destinations,
      LiveAuthenticator authenticator,
      List<LiveInterest> interests,
      Predicate<String> revoked,
      JsonMapper json,
      ExecutorService writers,
      LiveSession.Patience patience,
      Clock clock) {
    this.topics = topics;
    this.destinations = destinations;
    this.authenticator = authenticator;
    this.interests = List.copyOf(interests);
    this.revoked = revoked;
    this.json = json;
    this.writers = writers;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public List<String> getSubProtocols() {
    return List.of("v12.stomp", "v11.stomp", "v10.stomp");
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession socket) {
    socket.setTextMessageSizeLimit(FRAME_LIMIT);
    if (socket instanceof NativeWebSocketSession holder) {
      var session = holder.getNativeSession(Session.class);
      if (session != null) {
        // Tomcat breaks the connection when a reader takes nothing for this long.
        session
            .getUserProperties()
            .put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", SEND_LIMIT_MILLIS);
        session
            .getUserProperties()
            .put("org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT", CLOSE_LIMIT_MILLIS);
      }
    }
    var oldest = sessions.add(session(socket));
    if (oldest != null) {
      LOG.atWarn().log("too many live connections that have not said who they are, one was closed");
      refuse(oldest, "too many others are waiting, send CONNECT at once", null);
    }
  }

  private LiveSession session(WebSocketSession socket) {
    return new LiveSession(
        socket, writers, bytes.ofConnection(), FRAME_LIMIT, patience, System.nanoTime());
  }

  @Override
  protected void handlePongMessage(WebSocketSession socket, PongMessage message) {
    var session = sessions.get(socket.getId());
    if (session != null) {
      session.heard(System.nanoTime());
    }
  }

  @Override
  protected void handleTextMessage(WebSocketSession socket, TextMessage text) {
    var session = sessions.get(socket.getId());
    if (session == null || session.isClosing()) {
      return;
    }
    session.heard(System.nanoTime());
    List<Message<byte[]>> messages;
    try {
      var bytes = ByteBuffer.wrap(text.getPayload().getBytes(StandardCharsets.UTF_8));
      messages = session.decoder().decode(bytes);
    } catch (StompConversionException | InvalidMimeTypeException e) {
      refuse(session, "not a STOMP frame, " + withoutHeaders(e), null);
      return;
    } catch (IllegalArgumentException e) {
      refuse(session, "no such command, there are " + COMMANDS, null);
      return;
    }
    if (!session.takes(!messages.isEmpty())) {
      refuse(session, "a frame comes in too many pieces", null);
    }
    for (var message : messages) {
      if (!session.isClosing()) {
        handle(session, message);
      }
    }
  }

  /** What is wrong, without the frame's headers, as the decoder shows them. */
  private static String withoutHeaders(RuntimeException e) {
    return String.valueOf(e.getMessage()).replaceFirst("(?s), headers=.*", "");
  }

  private void handle(LiveSession session, Message<byte[]> message) {
    var headers = StompHeaderAccessor.wrap(message);
    var command = headers.getCommand();
    if (command == null) {
      return;
    }
    if (isLong(headers.getReceipt()) || isLong(headers.getSubscriptionId())) {
      refuse(session, "id and receipt have " + MAX_ID + " characters at most", null);
      return;
    }
    if (session.principal() == null
        && command != StompCommand.CONNECT
        && command != StompCommand.STOMP) {
      refuse(session, "send CONNECT first", headers);
      return;
    }
    switch (command) {
      case CONNECT, STOMP -> connect(session, headers);
      case SUBSCRIBE -> subscribe(session, headers);
      case UNSUBSCRIBE -> {
        var id = headers.getSubscriptionId();
        var gone = id == null ? null : session.remove(id);
        if (gone != null) {
          forget(gone);
        }
        receipt(session, headers);
      }
      case DISCONNECT -> {
        var receipt = headers.getReceipt();
        session.sendLast(
            receipt == null
                ? "\n"
                : "RECEIPT\nreceipt-id:" + StompText.escaped(receipt) + "\n\n\0");
      }
      case ACK, NACK -> receipt(session, headers);
      default ->
          refuse(session, command + " is not taken here: topics are only listened to", headers);
    }
  }

  private static boolean isLong(@Nullable String text) {
    return text != null && text.length() > MAX_ID;
  }

  private void connect(LiveSession session, StompHeaderAccessor headers) {
    var principal =
        authenticator.authenticate(
            session.socket().getAttributes(), headers.getFirstNativeHeader("Authorization"));
    if (principal == null) {
      refuse(
          session,
          "a token with the scope read is needed, as 'Bearer wt_…' in the header Authorization",
          headers);
      return;
    }
    var offered = headers.getAcceptVersion();
    // Who offers nothing speaks 1.0 (STOMP 1.2, "Protocol Negotiation").
    var version =
        offered.contains("1.2")
            ? "1.2"
            : offered.contains("1.1")
                ? "1.1"
                : offered.isEmpty() || offered.contains("1.0") ? "1.0" : null;
    if (version == null) {
      refuse(session, "supported versions are 1.0, 1.1 and 1.2", headers);
      return;
    }
    var beats = HeartBeats.agreed(headers.getFirstNativeHeader("heart-beat"));
    if (beats == null) {
      refuse(
          session,
          "heart-beat is two whole numbers of milliseconds with a comma, such as 10000,10000",
          headers);
      return;
    }
    var refused = sessions.admit(session, principal);
    if (refused != null) {
      LOG.atWarn().addKeyValue("why", refused).log("a live connection was refused");
      refuse(session, refused, headers);
      return;
    }
    session.speaks(version, beats);
    session.send(
        "CONNECTED\nversion:"
            + version
            + "\nheart-beat:"
            + HeartBeats.OURS
            + ","
            + HeartBeats.OURS
            + "\nserver:watchtower\n\n\0");
  }

  private void subscribe(LiveSession session, StompHeaderAccessor headers) {
    var destination = headers.getDestination();
    var id = headers.getSubscriptionId();
    var principal = session.principal();
    if (destination == null || id == null || principal == null) {
      refuse(session, "SUBSCRIBE needs the headers id and destination", headers);
      return;
    }
    if (destination.length() > MAX_DESTINATION) {
      refuse(session, "a destination has " + MAX_DESTINATION + " characters at most", headers);
      return;
    }
    if (!destinations.has(destination)) {
      refuse(
          session,
          "no such destination '" + destination + "', there are: " + destinations,
          headers);
      return;
    }
    if (session.subscriptionCount() >= MAX_SUBSCRIPTIONS) {
      refuse(session, "too many subscriptions on one connection", headers);
      return;
    }
    Long since;
    try {
      var number = headers.getFirstNativeHeader("since-seq");
      since = number == null ? null : Long.valueOf(number.trim());
    } catch (NumberFormatException e) {
      refuse(session, "since-seq: expected a whole number", headers);
      return;
    }
    var header = headers.getFirstNativeHeader("match");
    var match = header == null ? "" : header;
    if (session.matchLength() + match.length() > MAX_MATCH) {
      refuse(session, "too much text in the selectors of one connection", headers);
      return;
    }
    // Numbers of its own begin at the time, as those of topics do.
    var outlet = new LiveSubscription.Outlet(json, session.bytes(), clock.millis(), session::wake);
    var subscription = new LiveSubscription(id, destination, principal.subject(), match, outlet);
    if (!held.take(subscription)) {
      refuse(session, "too many subscriptions, try again later", headers);
      return;
    }
    if (!session.add(subscription)) {
      held.giveBack(subscription);
      refuse(session, "the subscription id '" + id + "' is in use", headers);
      return;
    }
    try {
      boolean served = false;
      for (var interest : interests) {
        served |= interest.serves(destination);
        interest.subscribed(subscription);
      }
      if (since != null && (served || subscription.isPattern())) {
        // Nothing is kept for these.
        subscription.reset();
      }
      if (!served) {
        topics.subscribe(subscription, since);
      }
      if (sessions.get(session.socket().getId()) != session) {
        // It was closed meanwhile, by another thread, which may not have seen this subscription.
        forget(subscription);
      }
      receipt(session, headers);
    } catch (IllegalArgumentException e) {
      session.remove(id);
      forget(subscription);
      refuse(session, String.valueOf(e.getMessage()), headers);
    }
  }

  private static void receipt(LiveSession session, StompHeaderAccessor headers) {
    if (headers.getReceipt() != null) {
      session.send("RECEIPT\nreceipt-id:" + StompText.escaped(headers.getReceipt()) + "\n\n\0");
    }
  }

  @Override
  public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
    var session = sessions.remove(socket.getId());
    if (session != null) {
      session.removeAll().forEach(this::forget);
    }
  }

  @Override
  public void handleTransportError(WebSocketSession socket, Throwable exception) {
    LOG.atDebug().setCause(exception).log("a live connection broke");
  }

  private void forget(LiveSubscription subscription) {
    topics.unsubscribe(subscription);
    if (subscription.close()) {
      held.giveBack(subscription);
    }
    interests.forEach(i -> i.unsubscribed(subscription));
  }

  /**
   * Heart-beats, and the end of connections that are silent or whose token was revoked. Called
   * every few seconds.
   */
  void tend() {
    long now = System.nanoTime();
    for (var session : sessions.all()) {
      var principal = session.principal();
      if (principal != null
          && principal.claims() != null
          && revoked.test(principal.claims().id())) {
        refuse(session, "the token was revoked", null);
      } else {
        session.beat(now);
      }
    }
  }

  int sessionCount() {
    return sessions.size();
  }

  /** Bytes that wait at all subscriptions or are being written. */
  long waitingBytes() {
    return bytes.used();
  }

  /** Bytes that subscriptions hold, about. */
  long heldBytes() {
    return held.used();
  }

  void closeAll() {
    sessions.all().forEach(LiveSession::closeQuietly);
  }

  /** Tells what is wrong and ends the connection, as STOMP wants after an ERROR. */
  private static void refuse(
      LiveSession session, String why, @Nullable StompHeaderAccessor headers) {
    var receipt = headers == null ? null : headers.getReceipt();
    session.sendLast(StompText.error(why, receipt, session.escapes()));
  }
}
