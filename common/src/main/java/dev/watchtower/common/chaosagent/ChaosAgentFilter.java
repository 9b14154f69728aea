package dev.watchtower.common.chaosagent;

import dev.watchtower.common.chaosagent.LeaseBook.Lease;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.InvalidTokenException;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.common.wire.FaultLease;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /chaos-agent/leases}: put, end and list faults. Answers by itself, before any other
 * filter, so that it works in whatever application it is put into and leaves no trace in that
 * application's metrics. Takes only tokens that chaos-service signed for the audience {@code
 * chaos-agent} with the scope {@code fault}.
 */
final class ChaosAgentFilter extends OncePerRequestFilter implements Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosAgentFilter.class);
  private static final String ROOT = "/chaos-agent";
  private static final Pattern LEASE = Pattern.compile(ROOT + "/leases/([A-Za-z0-9-]{1,64})");
  private static final int MAX_BODY = 16 * 1024;

  /** The audience that tokens for agents name. */
  static final String AUDIENCE = "chaos-agent";

  private final LeaseBook book;
  private final ResourceFaults resources;
  private final TokenVerifier verifier;
  private final Clock clock;
  private final JsonMapper json;
  private final ProblemWriter problems;

  ChaosAgentFilter(
      LeaseBook book,
      ResourceFaults resources,
      TokenVerifier verifier,
      Clock clock,
      JsonMapper json) {
    this.book = book;
    this.resources = resources;
    this.verifier = verifier;
    this.clock = clock;
    this.json = json;
    this.problems = new ProblemWriter(json);
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = request.getRequestURI();
    return !path.equals(ROOT) && !path.startsWith(ROOT + "/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      authorise(request);
      answer(request, response);
    } catch (Problem problem) {
      problems.write(request, response, problem);
    }
  }

  private void authorise(HttpServletRequest request) {
    var header = request.getHeader("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw Problem.of(
          401, "unauthorized", "A token is needed", "Only chaos-service may come here.");
    }
    Claims claims;
    try {
      claims = verifier.verify(header.substring(7).trim(), clock.instant());
    } catch (InvalidTokenException e) {
      throw Problem.of(401, "unauthorized", "A token is needed", String.valueOf(e.getMessage()));
    }
    if (!claims.scopes().contains(Scope.FAULT) || !claims.issuer().equals("chaos")) {
      throw Problem.of(
          403, "forbidden", "The token does not reach this far", "The scope fault is needed.");
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var path = request.getRequestURI();
    if (path.equals(ROOT + "/leases")) {
      require(request, response, "GET");
      write(response, Map.of("items", book.active().stream().map(this::view).toList()));
      return;
    }
    var match = LEASE.matcher(path);
    if (!match.matches()) {
      throw Problem.notFound("There is no " + path);
    }
    var id = match.group(1);
    switch (request.getMethod()) {
      case "PUT" -> write(response, view(put(id, request)));
      case "DELETE" -> {
        if (!book.end(id)) {
          throw Problem.notFound("There is no fault " + id + " in force.");
        }
        response.setStatus(204);
      }
      default -> require(request, response, "PUT", "DELETE");
    }
  }

  private Lease put(String id, HttpServletRequest request) throws IOException {
    var body = request.getInputStream().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw Problem.of(413, "too-large", "Too large", "A lease has at most 16 KiB.");
    }
    FaultLease lease;
    try {
      lease = json.readValue(body, FaultLease.class);
    } catch (JacksonException e) {
      throw Problem.badRequest("The body is not a lease: " + e.getOriginalMessage());
    }
    if (lease == null) {
      throw Problem.badRequest("The body is empty.");
    }
    var granted = book.grant(id, lease);
    if (granted.begun()) {
      LOG.atDebug().addKeyValue("lease", id).log("lease begins");
      resources.begin(granted.lease());
    }
    return granted.lease();
  }

  private Map<String, Object> view(Lease lease) {
    return Map.of(
        "id", lease.id(),
        "kind", lease.request().kind(),
        "parameters",
            lease.request().parameters() == null ? Map.of() : lease.request().parameters(),
        "ttlMillis", lease.request().ttlMillis(),
        "leftMillis", Math.max(0, book.left(lease).toMillis()));
  }

  private static void require(
      HttpServletRequest request, HttpServletResponse response, String... allowed) {
    for (var method : allowed) {
      if (method.equals(request.getMethod())) {
        return;
      }
    }
    response.setHeader("Allow", String.join(", ", allowed));
    throw Problem.of(
        405, "method-not-allowed", "Not a method of this", "Use " + String.join(" or ", allowed));
  }

  private void write(HttpServletResponse response, Object value) throws IOException {
    var body = json.writeValueAsBytes(value);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
