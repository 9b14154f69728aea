package dev.watchtower.common.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Gives each request its trace context and writes one log line for it when it is over; not where
 * telemetry was taken, of which requests come by the hundred each second and are counted. The path
 * is the endpoint's template, also where the request was refused before it came there, so that
 * identifiers and what people type do not end in the log.
 */
final class RequestLogFilter extends OncePerRequestFilter implements Ordered {
  private static final Logger LOG = LoggerFactory.getLogger("dev.watchtower.request");

  private final PathTemplates templates;
  private final Set<String> quiet;

  /**
   * A filter.
   *
   * @param quiet paths of which only those requests are told that were refused, or in part
   */
  RequestLogFilter(PathTemplates templates, Collection<String> quiet) {
    this.templates = templates;
    this.quiet = Set.copyOf(quiet);
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 10;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var trace = TraceContext.of(request);
    long from = System.nanoTime();
    boolean thrown = true;
    try (var _ = trace.open()) {
      try {
        chain.doFilter(request, response);
        thrown = false;
      } finally {
        tell(request, thrown ? 500 : response.getStatus(), System.nanoTime() - from);
      }
    }
  }

  private void tell(HttpServletRequest request, int status, long nanos) {
    if (status / 100 == 2
        && quiet.contains(request.getRequestURI())
        && request.getAttribute(WebAttributes.REFUSED_IN_PART) == null) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("method", request.getMethod())
        .addKeyValue("path", template(request))
        .addKeyValue("status", status)
        .addKeyValue("durationMillis", TimeUnit.NANOSECONDS.toMillis(nanos))
        .addKeyValue("remote", request.getRemoteAddr())
        .addKeyValue("user", user(request))
        .log("request");
  }

  private String template(HttpServletRequest request) {
    return request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
            instanceof Object pattern
        ? pattern.toString()
        : templates.of(request.getRequestURI(), "unmatched");
  }

  /**
   * Names whoever presented a token or a session; the security filters leave it in this attribute.
   */
  private static String user(HttpServletRequest request) {
    return request.getAttribute(WebAttributes.SUBJECT) instanceof String subject ? subject : "-";
  }
}
