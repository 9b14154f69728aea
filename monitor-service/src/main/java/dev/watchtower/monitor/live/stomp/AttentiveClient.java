package dev.watchtower.monitor.live.stomp;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.ConnectionHandlingStompSession;
import org.springframework.messaging.simp.stomp.DefaultStompSession;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSessionHandler;
import org.springframework.web.socket.client.WebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** A client whose sessions tell their handler of every frame, heart-beats too. */
final class AttentiveClient extends WebSocketStompClient {
  /** A handler that wants to know when the other side was heard. */
  interface Listener {
    /** A frame came, of whatever kind. */
    void heard();
  }

  AttentiveClient(WebSocketClient client) {
    super(client);
  }

  @Override
  protected ConnectionHandlingStompSession createSession(
      @Nullable StompHeaders connectHeaders, StompSessionHandler handler) {
    var session = new Session(handler, processConnectHeaders(connectHeaders));
    session.setMessageConverter(getMessageConverter());
    session.setReceiptTimeLimit(getReceiptTimeLimit());
    var scheduler = getTaskScheduler();
    if (scheduler != null) {
      session.setTaskScheduler(scheduler);
    }
    return session;
  }

  private static final class Session extends DefaultStompSession {
    Session(StompSessionHandler handler, StompHeaders connectHeaders) {
      super(handler, connectHeaders);
    }

    @Override
    public void handleMessage(Message<byte[]> message) {
      if (getSessionHandler() instanceof Listener listener) {
        listener.heard();
      }
      super.handleMessage(message);
    }
  }
}
