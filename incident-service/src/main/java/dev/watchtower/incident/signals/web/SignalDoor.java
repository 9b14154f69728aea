package dev.watchtower.incident.signals.web;

import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.ShortWay;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.jdbc.Outages;
import dev.watchtower.incident.signals.SignalDesk;
import dev.watchtower.incident.signals.SignalQueue;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.servlet.HandlerExceptionResolver;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The short way of a signal that is as it should be: with a good token, in JSON of a known length,
 * and without fault. It answers what {@link SignalController} would, before the filters and the
 * dispatch that cost more than taking a signal does, and so that a signal which waits holds a
 * shallow stack. What is told to come again, for there are too many or the store is away, is told
 * so here. Everything else, and whatever fails, goes the long way and is refused, audited and
 * explained there; so nothing is decided here that could be decided differently there.
 */
final class SignalDoor extends HttpFilter {
  static final String PATH = "/api/v1/signals";

  /** The attribute with what the desk threw here, which the long way tells instead of trying. */
  static final String FAILURE = "dev.watchtower.incident.signals.failure";

  private static final long serialVersionUID = 1L;
  private static final String JSON = "application/json";

  /** Longer ones go the long way; the longest that is valid fits. */
  private static final int MAX_BODY = 64 * 1024;

  private final transient SignalDesk desk;
  private final transient ShortWay way;
  private final transient HandlerExceptionResolver refusals;
  private final transient Clock clock;
  private final transient ObjectReader reader;
  private final transient ObjectWriter writer;

  /**
   * A door at the end of the way.
   *
   * @param refusals answers what was not taken because of too many others, or of an outage
   */
  SignalDoor(
      SignalDesk desk,
      ShortWay way,
      HandlerExceptionResolver refusals,
      Clock clock,
      JsonMapper json) {
    this.desk = desk;
    this.way = way;
    this.refusals = refusals;
    this.clock = clock;
    this.reader = json.readerFor(Signal.class);
    this.writer = json.writerFor(SignalController.Answer.class);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var claims = isPlain(request) ? way.claimsOf(request) : Optional.<Claims>empty();
    if (claims.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    var body = request.getInputStream().readNBytes(request.getContentLength());
    var came = cameIn(body, claims.get());
    if (came.isEmpty() || !isTaken(came.get(), claims.get(), request, response)) {
      chain.doFilter(new ReadAgain(request, body), response);
    }
  }

  private boolean isPlain(HttpServletRequest request) {
    int length = request.getContentLength();
    return way.leadsTo(request)
        && JSON.equals(request.getContentType())
        && length > 0
        && length <= MAX_BODY
        && takesJson(Collections.list(request.getHeaders("Accept")));
  }

  // Whatever asks to be weighed is weighed on the long way.
  private static boolean takesJson(List<String> accept) {
    return accept.isEmpty()
        || (accept.size() == 1 && (accept.getFirst().equals("*/*") || accept.contains(JSON)));
  }

  /** A signal as it is taken, and what its sender calls it. */
  private record Came(UUID id, Signal signal) {}

  /** The signal; empty if the body is at fault, which is explained on the long way. */
  private Optional<Came> cameIn(byte[] body, Claims claims) {
    try {
      var checked = SignalChecks.checked(reader.readValue(body));
      return Optional.of(new Came(checked.id(), Senders.believed(claims.subject(), checked)));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Whether the request is answered. */
  private boolean isTaken(
      Came came, Claims claims, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    SignalDesk.Taken taken;
    try {
      taken = desk.take(came.signal(), claims.subject(), clock.instant());
    } catch (RuntimeException e) {
      // It is not tried twice, for that could wait as long again.
      request.setAttribute(FAILURE, e);
      return (e instanceof SignalQueue.Full || Outages.isOutage(e))
          && isRefused(e, claims, request, response);
    }
    way.mark(request, response, claims);
    answer(SignalController.answer(came.id(), came.signal(), taken, clock.instant()), response);
    return true;
  }

  private boolean isRefused(
      RuntimeException why,
      Claims claims,
      HttpServletRequest request,
      HttpServletResponse response) {
    way.mark(request, response, claims);
    return refusals.resolveException(request, response, null, why) != null;
  }

  private void answer(SignalController.Told told, HttpServletResponse response) throws IOException {
    var body = writer.writeValueAsBytes(told.answer());
    response.setStatus(told.status());
    response.setContentType(JSON);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
