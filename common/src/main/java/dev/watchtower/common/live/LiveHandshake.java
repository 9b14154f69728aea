package dev.watchtower.common.live;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Carries the Authorization header and the logged-in user of the HTTP handshake over to the
 * connection.
 */
public final class LiveHandshake implements HandshakeInterceptor {
  /** The handshake's Authorization header. */
  public static final String AUTHORIZATION = "authorization";

  /** Name of the user that the HTTP session belongs to. */
  public static final String USER = "user";

  /** Id of that HTTP session. */
  public static final String SESSION = "session";

  @Override
  public boolean beforeHandshake(
      ServerHttpRequest request,
      ServerHttpResponse response,
      WebSocketHandler handler,
      Map<String, Object> attributes) {
    var header = request.getHeaders().getFirst("Authorization");
    if (header != null) {
      attributes.put(AUTHORIZATION, header);
    }
    if (request instanceof ServletServerHttpRequest servlet) {
      var principal = servlet.getServletRequest().getUserPrincipal();
      var session = servlet.getServletRequest().getSession(false);
      if (principal != null && session != null) {
        attributes.put(USER, principal.getName());
        attributes.put(SESSION, session.getId());
      }
    }
    return true;
  }

  @Override
  public void afterHandshake(
      ServerHttpRequest request,
      ServerHttpResponse response,
      WebSocketHandler handler,
      @Nullable Exception exception) {}
}
