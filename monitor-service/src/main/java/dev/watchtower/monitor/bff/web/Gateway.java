package dev.watchtower.monitor.bff.web;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.web.TraceContext;
import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.HealthState;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * Passes the dashboard's requests on to the other services, in the name of the user: with a token
 * of one minute that carries the user's scopes. Answers stream through. Nothing takes longer than
 * 10 seconds. A 503 of our own says that nothing was asked of the service, or nothing but a
 * question, and names it in {@code service} unless we are stopping; 502 and 504 that what was asked
 * may be done, though no answer came. Every other answer is the service's: after its own 500 or 503
 * a change may be done as well.
 */
@Controller
class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration TOKEN_LIFE = Duration.ofSeconds(60);
  private static final Set<String> PEERS = Set.of("ingest", "incident", "analysis", "chaos");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
  private static final List<String> REQUEST_HEADERS =
      List.of("Accept", "Accept-Language", "Content-Type", "If-Match", "If-None-Match");
  private static final Set<String> ANSWER_HEADERS =
      Set.of(
          "content-type",
          "content-disposition",
          "cache-control",
          "etag",
          "last-modified",
          "retry-after",
          "allow",
          "warning");
  private static final int BUFFER = 16 * 1024;
  private static final String LOOK_FIRST =
      "What you asked for may be done all the same: look before you ask again.";

  private static final String NOTHING_DONE = " Nothing was done; try again in a moment.";

  private final Peers peers;
  private final TokenIssuer issuer;
  private final Accounts accounts;
  private final HealthBoard health;
  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final ScheduledExecutorService guard =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("gateway-limit").factory());

  Gateway(Peers peers, TokenIssuer issuer, Accounts accounts, HealthBoard health, Clock clock) {
    this.peers = peers;
    this.issuer = issuer;
    this.accounts = accounts;
    this.health = health;
    this.clock = clock;
  }

  @GetMapping("/bff/remediations")
  void remediations(HttpServletRequest request, HttpServletResponse response) throws IOException {
    forward("incident", "/api/v1/remediations", request, response);
  }

  @RequestMapping("/bff/{peer:ingest|incident|analysis|chaos}/**")
  void any(@PathVariable String peer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    forward(
        peer,
        request.getRequestURI().substring("/bff/".length() + peer.length()),
        request,
        response);
  }

  private void forward(
      String peer, String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!PEERS.contains(peer) || !isOpen(path)) {
      throw Problem.notFound("Nothing is passed on at this path.");
    }
    var user =
        accounts
            .find(String.valueOf(request.getRemoteUser()))
            .orElseThrow(
                () -> Problem.of(401, "unauthorized", "Log in first", "Log in at /login."));
    var outgoing = outgoing(peer, path, request, user);
    try {
      var answer = http.send(outgoing, HttpResponse.BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        pass(peer, answer, body, response, isSafe(outgoing));
      }
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw down(peer, isSafe(outgoing) ? "" : NOTHING_DONE);
    } catch (HttpTimeoutException e) {
      throw late(peer, isSafe(outgoing));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw isSafe(outgoing)
          ? Problem.unavailable("This service is stopping; try again.", Duration.ofSeconds(5))
          : brokeOff(peer);
    } catch (IOException e) {
      if (response.isCommitted()) {
        throw e;
      }
      LOG.atDebug().setCause(e).addKeyValue("peer", peer).log("a passed-on request broke");
      response.reset();
      throw isSafe(outgoing) ? down(peer, "") : brokeOff(peer);
    }
  }

  /** Whether asking again does no harm, whatever became of it. */
  private static boolean isSafe(HttpRequest request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  private static boolean isOpen(String path) {
    return path.startsWith("/api/v1/") || path.equals("/logs") || path.equals("/info");
  }

  private HttpRequest outgoing(String peer, String path, HttpServletRequest request, Account user)
      throws IOException {
    var method = request.getMethod().toUpperCase(Locale.ROOT);
    if (!METHODS.contains(method)) {
      throw Problem.of(405, "method-not-allowed", "This method is not allowed here", method);
    }
    var query = request.getQueryString();
    URI uri;
    try {
      uri = URI.create(peers.url(peer) + path + (query == null ? "" : "?" + query));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("The address is not valid.");
    }
    // The whole body first: at most 1 MB by the limit on all requests, and so a slow browser holds
    // up no other service.
    var body = request.getInputStream().readAllBytes();
    var builder =
        HttpRequest.newBuilder(uri)
            .timeout(LIMIT)
            .method(
                method,
                body.length == 0 && (method.equals("GET") || method.equals("HEAD"))
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Authorization", "Bearer " + token(peer, user))
            .header("traceparent", TraceContext.of(request).traceparent())
            // For the audit trail: where the person sits.
            .header("X-Forwarded-For", request.getRemoteAddr());
    for (var name : REQUEST_HEADERS) {
      var value = request.getHeader(name);
      if (value != null) {
        builder.header(name, value);
      }
    }
    return builder.build();
  }

  private String token(String peer, Account user) {
    var now = clock.instant();
    return issuer.sign(
        new Claims(
            "monitor",
            UUID.randomUUID().toString(),
            "user:" + user.name(),
            user.role().scopes(),
            peer,
            now,
            now.plus(TOKEN_LIFE)));
  }

  private void pass(
      String peer,
      HttpResponse<InputStream> answer,
      InputStream body,
      HttpServletResponse response,
      boolean safe)
      throws IOException {
    if (answer.statusCode() == 401) {
      // Not the user's fault, so not an answer that would send the user to the login.
      throw Problem.of(
          502,
          "peer-refused",
          "The services do not trust each other",
          peer + "-service refused monitor's token. Compare the keys in the data directory.");
    }
    response.setStatus(answer.statusCode());
    answer
        .headers()
        .map()
        .forEach((name, values) -> {
          if (ANSWER_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(v -> response.setHeader(name, v));
          }
        });
    copy(peer, body, response, safe);
  }

  /** Copies the body; a peer that stops sending is cut off at the limit. */
  private void copy(String peer, InputStream body, HttpServletResponse response, boolean safe)
      throws IOException {
    var late = new AtomicBoolean();
    ScheduledFuture<?> cut =
        guard.schedule(
            () -> {
              late.set(true);
              close(body);
            },
            LIMIT.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      var out = response.getOutputStream();
      var buffer = new byte[BUFFER];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      if (late.get() && !response.isCommitted()) {
        response.reset();
        throw late(peer, safe);
      }
      throw e;
    } finally {
      cut.cancel(false);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("a late answer was cut off");
    }
  }

  private static Problem late(String peer, boolean safe) {
    return Problem.of(
            504,
            "peer-timeout",
            "The service did not answer in time",
            "%s-service did not answer within %d s. %s"
                .formatted(peer, LIMIT.toSeconds(), safe ? "Try again." : LOOK_FIRST))
        .with("service", peer + "-service");
  }

  /** It was sent and nothing came back: unlike 503, this does not say that nothing was done. */
  private static Problem brokeOff(String peer) {
    return Problem.of(
            502,
            "peer-broke-off",
            "The service broke off before it answered",
            peer + "-service broke off before it answered. " + LOOK_FIRST)
        .with("service", peer + "-service");
  }

  /**
   * No connection came about, or it was only asked to tell something.
   *
   * @param outcome what became of a change, for people; empty where none was asked for
   */
  private Problem down(String peer, String outcome) {
    var name = peer + "-service";
    var since =
        health.of(name).filter(v -> v.state() == HealthState.DOWN).map(v -> v.since().toString());
    return Problem.unavailable(
            name
                + " is not reachable"
                + since.map(s -> " since " + s).orElse("")
                + "."
                + outcome
                + " It is restarted by itself; see ./watchtower status.",
            Duration.ofSeconds(5))
        .with("service", name)
        .with("since", since.orElse(clock.instant().toString()));
  }
}
