package dev.watchtower.ingest.doors.web;

import dev.watchtower.common.security.ShortWay;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * The short way of remote write, by far the most frequent request: whoever has a good token comes
 * to {@link RemoteWriteController} without the security chain and the dispatch. Everybody else goes
 * the long way, with the body unread.
 */
final class WriteDoor extends HttpFilter {
  static final String PATH = "/api/v1/write";

  private static final long serialVersionUID = 1L;

  private final transient RemoteWriteController door;
  private final transient ShortWay way;
  private final transient HandlerExceptionResolver failures;

  /**
   * A way to the door.
   *
   * @param failures answers what the door throws, as on the long way
   */
  WriteDoor(RemoteWriteController door, ShortWay way, HandlerExceptionResolver failures) {
    this.door = door;
    this.way = way;
    this.failures = failures;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var claims = way.leadsTo(request) ? way.claimsOf(request).orElse(null) : null;
    if (claims == null) {
      chain.doFilter(request, response);
      return;
    }
    way.mark(request, response, claims);
    try {
      door.write(request, response);
    } catch (IOException | RuntimeException e) {
      if (failures.resolveException(request, response, null, e) == null) {
        throw e;
      }
    }
  }
}
