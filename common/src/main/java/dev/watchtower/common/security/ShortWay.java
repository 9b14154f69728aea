package dev.watchtower.common.security;

import dev.watchtower.common.web.WebAttributes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * What a filter needs that answers {@code POST} on one path by itself, before the security chain
 * and the dispatch, which cost more than the door behind them: the same verdict on a bearer token,
 * the same names in log and measurements, the same headers. Who may not go this way goes the long
 * one and hears there why. Thread-safe.
 */
public final class ShortWay {
  /** Behind the request's log line, its measurement and the limit of its body. */
  public static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 30;

  private static final String SCHEME = "Bearer ";

  /** What the security chain says with every answer. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-XSS-Protection", "0",
          "Cache-Control", "no-cache, no-store, max-age=0, must-revalidate",
          "Pragma", "no-cache",
          "Expires", "0",
          "X-Frame-Options", "DENY",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");

  private final TokenVerifier verifier;
  private final Clock clock;
  private final String path;
  private final Scope[] anyOf;

  /**
   * A way to {@code path} for those whom the rules let in with a token.
   *
   * @param path without variables
   */
  public ShortWay(TokenVerifier verifier, AccessRules rules, Clock clock, String path) {
    this.verifier = verifier;
    this.clock = clock;
    this.path = path;
    this.anyOf =
        rules.verdict(HttpMethod.POST, path) instanceof AccessRules.Verdict.Needs(var scopes)
            ? scopes.toArray(Scope[]::new)
            : new Scope[0];
  }

  /** Whether this is a request for the path, whoever it is from. */
  public boolean leadsTo(HttpServletRequest request) {
    return request.getMethod().equals("POST") && request.getRequestURI().equals(path);
  }

  /** Who makes the request; empty for those that have to go the long way. */
  public Optional<Claims> claimsOf(HttpServletRequest request) {
    var header = request.getHeader("Authorization");
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    try {
      var claims = verifier.verify(header.substring(SCHEME.length()).trim(), clock.instant());
      return Optional.of(claims).filter(known -> known.allows(anyOf));
    } catch (InvalidTokenException e) {
      return Optional.empty();
    }
  }

  /** Names the request for its log line and its measurement, and puts the headers in the answer. */
  public void mark(HttpServletRequest request, HttpServletResponse response, Claims claims) {
    request.setAttribute(WebAttributes.SUBJECT, claims.subject());
    request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, path);
    ServerHttpObservationFilter.findObservationContext(request)
        .ifPresent(context -> context.setPathPattern(path));
    HEADERS.forEach(response::setHeader);
  }
}
