package dev.watchtower.incident.audit.web;

import dev.watchtower.common.web.WebAttributes;
import dev.watchtower.incident.audit.AuditQueue;
import dev.watchtower.incident.audit.Deed;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Writes every request that changes something, or tries to, into the audit trail, before its answer
 * is sent: what a caller was told of is in it.
 *
 * <p>Left out are requests of nobody that can be named, whatever they were answered, for with them
 * anybody could fill the trail; signals that were taken, which are kept as such; and those that
 * were told to come again (503), if it is certain that nothing was done, or that they come again as
 * signals and services do. Else the database may have died right after it stored the deed. An entry
 * that cannot be stored leaves the answer as it is, for the deed is done; it is logged and counted.
 */
public final class AuditFilter extends OncePerRequestFilter implements Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(AuditFilter.class);
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private static final Set<String> SIGNAL_DOORS = Set.of("/api/v1/signals", "/api/v1/alertmanager");
  private static final Pattern ADDRESSES = Pattern.compile("[0-9A-Fa-f:., ]{2,60}");

  private static final Pattern INCIDENTS =
      Pattern.compile(
          "/api/v1/incidents/"
              + "(\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12})"
              + "(?:/|$)");

  private final AuditQueue queue;
  private final InstantSource clock;
  private final MeterRegistry meters;

  /** A filter. */
  public AuditFilter(AuditQueue queue, InstantSource clock, MeterRegistry meters) {
    this.queue = queue;
    this.clock = clock;
    this.meters = meters;
  }

  /** Outside the security chain, so that what that refuses is seen. */
  @Override
  public int getOrder() {
    return -200;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return READING.contains(request.getMethod());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var held = new ContentCachingResponseWrapper(response);
    boolean thrown = true;
    try {
      chain.doFilter(request, held);
      thrown = false;
    } finally {
      int status = thrown ? 500 : held.getStatus();
      var actor = actorOf(request);
      if (!actor.isEmpty()
          && !comesAgain(request, actor, status)
          && !isTelemetryTaken(request, status)) {
        append(request, actor, status);
      }
      held.copyBodyToResponse();
    }
  }

  private static boolean comesAgain(HttpServletRequest request, String actor, int status) {
    return status == 503
        && (request.getAttribute(AuditNote.UNDONE) != null
            || actor.startsWith("service:")
            || SIGNAL_DOORS.contains(request.getRequestURI()));
  }

  // Every signal is kept with its sender and its time already, and a storm of them is no deed.
  private static boolean isTelemetryTaken(HttpServletRequest request, int status) {
    return status < 300 && SIGNAL_DOORS.contains(request.getRequestURI());
  }

  /** Whom the token or the signature names; empty for nobody. */
  private static String actorOf(HttpServletRequest request) {
    return text(request, WebAttributes.SUBJECT, text(request, AuditNote.ACTOR, ""));
  }

  private void append(HttpServletRequest request, String actor, int status) {
    var deed =
        new Deed(
            clock.instant(),
            actor,
            fromOf(request),
            actionOf(request),
            subjectOf(request),
            Integer.toString(status),
            incidentOf(request));
    try {
      queue.append(deed);
    } catch (RuntimeException e) {
      meters.counter("watchtower.incident.audit.failed").increment();
      LOG.atError()
          .addKeyValue("actor", deed.actor())
          .addKeyValue("action", deed.action())
          .addKeyValue("subject", deed.subject())
          .addKeyValue("outcome", deed.outcome())
          .setCause(e)
          .log("an audit entry could not be stored");
    }
  }

  // Whom a proxy, such as the dashboard, says it asks for stands behind the address that is
  // certain.
  private static String fromOf(HttpServletRequest request) {
    var remote = String.valueOf(request.getRemoteAddr());
    var forwarded = request.getHeader("X-Forwarded-For");
    return forwarded != null && ADDRESSES.matcher(forwarded).matches()
        ? remote + " for " + forwarded
        : remote;
  }

  private static String actionOf(HttpServletRequest request) {
    var template =
        text(request, HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, request.getRequestURI());
    var note = text(request, AuditNote.ATTRIBUTE, "");
    return request.getMethod() + " " + template + (note.isEmpty() ? "" : ": " + note);
  }

  // What was refused before it reached an endpoint has its whole path as the action.
  private static String subjectOf(HttpServletRequest request) {
    return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables
        ? variables.values().stream().map(String::valueOf).collect(Collectors.joining(" "))
        : "";
  }

  private static @Nullable UUID incidentOf(HttpServletRequest request) {
    var named = text(request, AuditNote.INCIDENT, "");
    var match = INCIDENTS.matcher(request.getRequestURI());
    var id = named.isEmpty() && match.lookingAt() ? match.group(1) : named;
    return id.isEmpty() ? null : UUID.fromString(id);
  }

  private static String text(HttpServletRequest request, String attribute, String otherwise) {
    var value = request.getAttribute(attribute);
    return value == null ? otherwise : value.toString();
  }
}
