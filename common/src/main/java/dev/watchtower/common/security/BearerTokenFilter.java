package dev.watchtower.common.security;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.common.web.PathTemplates;
import dev.watchtower.common.web.WebAttributes;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UrlPathHelper;

/**
 * Verifies the token of each request ({@link SentToken}) and holds it against the service's {@link
 * AccessRules}: 401 without a good token, 403 with one that does not reach far enough, 405 where
 * the path is known with other methods only, 404 where neither a rule nor an endpoint knows it.
 */
public final class BearerTokenFilter extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(BearerTokenFilter.class);

  private final AccessRules rules;
  private final TokenVerifier verifier;
  private final Clock clock;
  private final ProblemWriter problems;
  private final PathTemplates endpoints;

  /** A filter for a chain of a service's own; the usual chain has one already. */
  public BearerTokenFilter(
      AccessRules rules,
      TokenVerifier verifier,
      Clock clock,
      ProblemWriter problems,
      PathTemplates endpoints) {
    this.rules = rules;
    this.verifier = verifier;
    this.clock = clock;
    this.problems = problems;
    this.endpoints = endpoints;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var token = SentToken.of(request.getHeader("Authorization"));
    String refusal = "send the header 'Authorization: Bearer wt_…'";
    Claims claims = null;
    if (token != null) {
      try {
        claims = verifier.verify(token, clock.instant());
        SecurityContextHolder.getContext()
            .setAuthentication(new Caller.BearerAuthentication(claims));
        request.setAttribute(WebAttributes.SUBJECT, claims.subject());
      } catch (InvalidTokenException e) {
        refusal = String.valueOf(e.getMessage());
      }
    }
    try {
      var path = UrlPathHelper.defaultInstance.getPathWithinApplication(request);
      var verdict =
          rules.verdict(HttpMethod.valueOf(request.getMethod().toUpperCase(Locale.ROOT)), path);
      var refused = refusal(verdict, claims, refusal, path, response);
      if (refused != null) {
        problems.write(request, response, refused);
        return;
      }
      chain.doFilter(request, response);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }

  /** Why the request may not go on, with the headers that belong to it; null if it may. */
  private @Nullable Problem refusal(
      AccessRules.Verdict verdict,
      @Nullable Claims claims,
      String noClaims,
      String path,
      HttpServletResponse response) {
    if (verdict instanceof AccessRules.Verdict.Open) {
      return null;
    }
    if (claims == null) {
      response.setHeader("WWW-Authenticate", "Bearer");
      return Problem.of(401, "unauthorized", "A token is needed", noClaims);
    }
    // An administrator goes on, and hears from the endpoint itself.
    if (verdict instanceof AccessRules.Verdict.WrongMethod(var allowed, var anyOf)
        && !claims.allows(Scope.ADMIN)
        && claims.allows(anyOf.toArray(Scope[]::new))) {
      var methods = String.join(", ", allowed);
      response.setHeader("Allow", methods);
      return Problem.of(
          405, "method-not-allowed", "This method is not allowed here", "Allowed: " + methods);
    }
    if (verdict instanceof AccessRules.Verdict.Unknown
        && !claims.allows(Scope.ADMIN)
        && !endpoints.anyMatches(path)) {
      // An endpoint that no rule was thought of for stays closed; of nothing, no scope gives more.
      return Problem.ofStatus(404, "There is nothing at this address.");
    }
    return lacking(
        verdict instanceof AccessRules.Verdict.Needs(var anyOf) ? anyOf : Set.of(Scope.ADMIN),
        claims);
  }

  private static @Nullable Problem lacking(Set<Scope> anyOf, Claims claims) {
    if (claims.allows(anyOf.toArray(Scope[]::new))) {
      return null;
    }
    var wanted = anyOf.stream().map(Scope::text).sorted().collect(Collectors.joining(" or "));
    LOG.atWarn()
        .addKeyValue("subject", claims.subject())
        .addKeyValue("wanted", wanted)
        .log("token refused for lack of scope");
    return Problem.of(
        403, "forbidden", "This token may not do that", "The scope " + wanted + " is needed.");
  }
}
