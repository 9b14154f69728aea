package dev.watchtower.launcher.supervisor.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.InvalidTokenException;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.common.wire.FaultLease;
import dev.watchtower.common.wire.ProcessView;
import dev.watchtower.launcher.lifecycle.Lifecycle;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import dev.watchtower.launcher.supervisor.CatalogCommands;
import dev.watchtower.launcher.supervisor.Memory;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import dev.watchtower.launcher.supervisor.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The supervisor's interface on loopback: {@code GET /api/v1/processes}, {@code POST
 * /api/v1/processes/NAME/restart}, {@code POST /api/v1/processes/NAME/commands/COMMAND}, {@code
 * PUT|DELETE /api/v1/processes/NAME/crash-leases/ID} and {@code GET /health}. Wants bearer tokens
 * with the scopes read, supervise and crash; machine tokens are not taken, because the supervisor
 * keeps no list of revoked ones.
 */
public final class SupervisorApi implements AutoCloseable {
  /** The longest time for which one call may hold a process down. */
  public static final Duration LONGEST_LEASE = Duration.ofMillis(FaultLease.MAX_TTL_MILLIS);

  private static final int MAX_BODY = 16 * 1024;
  private static final int MAX_CALLS = 32;

  /** The subject of what a person asks for with {@code ./watchtower}: obeyed at once. */
  private static final String COMMAND_LINE = "service:launcher";

  private static final String PROCESSES = "/api/v1/processes";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Supervisor supervisor;
  private final CatalogCommands commands;
  private final Supplier<?> suite;
  private final TokenVerifier tokens;
  private final Clock clock;
  private final Semaphore calls = new Semaphore(MAX_CALLS);
  private final HttpServer server;

  /**
   * The interface of {@code supervisor}, answering from now on.
   *
   * @param commands what may be run beside a process
   * @param suite what {@code GET /api/v1/suite} answers
   * @param port 0 for any free one
   * @throws IOException if the port is taken
   */
  public SupervisorApi(
      Supervisor supervisor,
      CatalogCommands commands,
      Supplier<?> suite,
      int port,
      TokenVerifier tokens,
      Clock clock)
      throws IOException {
    this.supervisor = supervisor;
    this.commands = commands;
    this.suite = suite;
    this.tokens = tokens;
    this.clock = clock;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!calls.tryAcquire()) {
        send(
            exchange,
            new Refused(503, "overloaded", "Too many calls at once; try again.").problem(exchange));
        return;
      }
      try {
        send(exchange, answer(exchange));
      } catch (Refused e) {
        send(exchange, e.problem(exchange));
      } catch (IllegalStateException e) {
        send(
            exchange,
            new Refused(503, "unavailable", "The supervisor is ending.").problem(exchange));
      } catch (RuntimeException e) {
        // Without an answer the caller would only see a broken connection.
        System.err.println("a call to the supervisor failed: " + e);
        send(exchange, new Refused(500, "internal", "The supervisor failed.").problem(exchange));
      } finally {
        calls.release();
      }
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    var method = exchange.getRequestMethod();
    var path = exchange.getRequestURI().getPath();
    if (path.equals("/health")) {
      return Answer.of(200, Map.of("status", "UP"));
    }
    var claims = claims(exchange);
    if (path.equals(PROCESSES)) {
      only(method, "GET");
      need(claims, Scope.READ, Scope.SUPERVISE, Scope.CRASH);
      return Answer.of(200, supervisor.processes().stream().map(SupervisorApi::view).toList());
    }
    if (path.equals("/api/v1/suite")) {
      only(method, "GET");
      need(claims, Scope.READ);
      return Answer.of(200, suite.get());
    }
    if (!path.startsWith(PROCESSES + "/")) {
      throw new Refused(404, "not-found", "There is nothing at " + path + ".");
    }
    var parts = List.of(path.substring(PROCESSES.length() + 1).split("/", -1));
    if (parts.size() == 2 && parts.get(1).equals("restart")) {
      only(method, "POST");
      need(claims, Scope.SUPERVISE);
      return restart(process(parts.getFirst()), body(exchange), claims);
    }
    if (parts.size() == 3 && parts.get(1).equals("commands")) {
      only(method, "POST");
      need(claims, Scope.SUPERVISE);
      return command(process(parts.getFirst()), parts.get(2), body(exchange), claims);
    }
    if (parts.size() == 3 && parts.get(1).equals("crash-leases")) {
      only(method, "PUT", "DELETE");
      need(claims, Scope.CRASH);
      var process = process(parts.getFirst());
      var lease = parts.get(2);
      if (!lease.matches("[A-Za-z0-9._:-]{1,100}")) {
        throw new Refused(
            400, "bad-request", "The lease's name has characters that are not allowed.");
      }
      return method.equals("PUT") ? crash(process, lease, body(exchange)) : release(process, lease);
    }
    throw new Refused(404, "not-found", "There is nothing at " + path + ".");
  }

  private Answer restart(ProcessSnapshot process, JsonNode body, Claims claims) {
    tellOf("restart of " + process.name(), body, claims);
    var event =
        claims.subject().equals(COMMAND_LINE)
            ? new ProcessEvent.Restart()
            : new ProcessEvent.Repair();
    var unused = supervisor.tell(process.name(), event);
    return Answer.of(202, view(process(process.name())));
  }

  private static void tellOf(String what, JsonNode body, Claims claims) {
    var reason = body.path("reason").asString("");
    System.err.println(
        what + " asked by " + claims.subject() + (reason.isBlank() ? "" : ": " + oneLine(reason)));
  }

  private Answer command(ProcessSnapshot process, String name, JsonNode body, Claims claims)
      throws IOException {
    var command =
        commands
            .find(process.name(), name)
            .orElseThrow(() ->
                new Refused(
                    404,
                    "unknown-command",
                    "The catalog has no command '%s' for %s."
                        .formatted(oneLine(name), process.name())));
    var pid = process.pid();
    if (pid == null) {
      throw new Refused(409, "not-running", process.name() + " does not run.");
    }
    tellOf("command " + name + " beside " + process.name(), body, claims);
    try {
      return Answer.of(200, commands.run(command, process, pid));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (IOException e) {
      throw new Refused(
          409, "not-started", "The command cannot be started: " + oneLine(e.getMessage() + "."));
    }
  }

  private Answer crash(ProcessSnapshot process, String lease, JsonNode body) {
    if (!supervisor.crashable(process.name())) {
      throw new Refused(
          409, "not-crashable", "Only the processes of the sample shop may be crashed.");
    }
    var ttl = body.path("ttlMillis");
    if (!ttl.isIntegralNumber()
        || !ttl.canConvertToLong()
        || ttl.asLong() < 1
        || ttl.asLong() > LONGEST_LEASE.toMillis()) {
      throw new Refused(400, "bad-request", "How long the lease lasts is missing or wrong.")
          .fault("ttlMillis", "a whole number from 1 to " + LONGEST_LEASE.toMillis() + " expected");
    }
    var refusal =
        supervisor.tell(
            process.name(), new ProcessEvent.HoldDown(lease, Duration.ofMillis(ttl.asLong())));
    if (refusal.isPresent()) {
      throw switch (refusal.get()) {
        case LEASE_ENDED ->
            new Refused(409, "lease-ended", "This lease is over; a new crash needs a new lease.");
        case NOT_RUNNING ->
            new Refused(409, "not-running", process.name() + " is not meant to run.");
        case TOO_MANY_LEASES ->
            new Refused(
                409,
                "too-many-leases",
                Lifecycle.MAX_LEASES + " leases hold " + process.name() + " down already.");
      };
    }
    return Answer.of(200, view(process(process.name())));
  }

  private Answer release(ProcessSnapshot process, String lease) {
    var unused = supervisor.tell(process.name(), new ProcessEvent.Release(lease));
    return new Answer(204, "application/json", new byte[0]);
  }

  private ProcessSnapshot process(String name) {
    return supervisor
        .process(name)
        .orElseThrow(() ->
            new Refused(404, "unknown-process", "No process is called '" + oneLine(name) + "'."));
  }

  private Claims claims(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Bearer ")) {
      throw new Refused(401, "unauthenticated", "A bearer token is needed.");
    }
    try {
      var claims = tokens.verify(header.substring("Bearer ".length()).strip(), clock.instant());
      if (claims.expiresAt() == null) {
        throw new Refused(401, "unauthenticated", "Machine tokens are not taken here.");
      }
      return claims;
    } catch (InvalidTokenException e) {
      throw new Refused(
          401, "unauthenticated", "The token is not accepted: " + e.getMessage() + ".");
    }
  }

  private static void need(Claims claims, Scope... anyOf) {
    if (!claims.allows(anyOf)) {
      throw new Refused(403, "forbidden", "The token lacks the scope " + anyOf[0].text() + ".");
    }
  }

  private static void only(String method, String... allowed) {
    if (!List.of(allowed).contains(method)) {
      throw new Refused(405, "method-not-allowed", "Allowed: " + String.join(", ", allowed) + ".");
    }
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      throw new Refused(413, "too-large", "At most " + MAX_BODY + " bytes are read.");
    }
    if (bytes.length == 0) {
      return JSON.createObjectNode();
    }
    try {
      var node = JSON.readTree(bytes);
      if (!node.isObject()) {
        throw new Refused(400, "bad-request", "A JSON object is expected.")
            .fault("", "an object expected");
      }
      return node;
    } catch (JacksonException e) {
      throw new Refused(400, "bad-request", "The body is not JSON.")
          .fault("", e.getOriginalMessage());
    }
  }

  private static ProcessView view(ProcessSnapshot process) {
    long memory =
        process.pid() == null
            ? 0
            : ProcessHandle.of(process.pid()).map(Memory::residentBytes).orElse(0L);
    return new ProcessView(
        process.name(),
        process.pid(),
        process.port(),
        process.state(),
        process.restarts(),
        memory,
        process.since());
  }

  private static String oneLine(String text) {
    var line = text.replaceAll("[\\p{Cntrl}]", " ");
    return line.substring(0, Math.min(200, line.length()));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    if (answer.body().length > 0) {
      exchange.getResponseBody().write(answer.body());
    }
  }

  /** What goes back. */
  record Answer(int status, String type, byte[] body) {
    static Answer of(int status, Object body) {
      return new Answer(status, "application/json", JSON.writeValueAsBytes(body));
    }

    static Answer problem(int status, Map<String, Object> body) {
      return new Answer(
          status,
          "application/problem+json",
          JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
    }
  }
}
