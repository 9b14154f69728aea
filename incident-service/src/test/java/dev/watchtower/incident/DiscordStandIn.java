package dev.watchtower.incident;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Discord webhook over real HTTP: keeps messages, edits them, and misbehaves as often as the test
 * asks it to. A fault is used up by the request that meets it.
 */
public final class DiscordStandIn {
  /** What goes wrong with a request. */
  public sealed interface Fault {
    /** An answer with a body and headers instead of the effect. */
    record Answer(int status, String body, Map<String, String> headers) implements Fault {}

    /** The connection is closed without an answer, and nothing is done. */
    record Reset() implements Fault {}

    /** None: for a request before the one that is to fail. */
    record None() implements Fault {}

    /** The message is taken, but the answer gets lost. */
    record LostAnswer() implements Fault {}

    /** The message is taken, but the answer breaks off in its body. */
    record TornAnswer() implements Fault {}
  }

  /** A request as it came. */
  public record Call(String method, String path, @Nullable String query, JsonNode body) {}

  private static final String PATH = "/api/webhooks/1/abc-secret";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final Queue<Fault> readFaults = new ArrayDeque<>();
  private @Nullable Fault lasting;
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, JsonNode> messages = new LinkedHashMap<>();
  private final Map<String, String> nonces = new HashMap<>();
  private Map<String, String> headers = Map.of();
  private long lastId = 1000;
  private int reads;

  /** Listens on a free port. */
  public DiscordStandIn() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var uri = exchange.getRequestURI();
    var call =
        new Call(
            exchange.getRequestMethod(),
            uri.getPath(),
            uri.getQuery(),
            body.isEmpty() ? JSON.missingNode() : JSON.readTree(body));
    switch (answer(call)) {
      case Fault.Reset r -> exchange.close();
      case Fault.None n -> throw new IllegalStateException("every request has an effect");
      case Fault.LostAnswer l -> exchange.close();
      case Fault.TornAnswer t -> tear(exchange);
      case Fault.Answer a -> {
        try (exchange) {
          a.headers().forEach(exchange.getResponseHeaders()::set);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          var bytes = a.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(a.status(), bytes.length);
          exchange.getResponseBody().write(bytes);
        }
      }
    }
  }

  /** Begins an answer, and closes the connection. */
  static void tear(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 5000);
    exchange.getResponseBody().write("{\"id\":\"".getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private synchronized Fault answer(Call call) {
    if (call.method().equals("GET")) {
      // Meets faults of its own only: the others are for what the test sends.
      reads++;
      var met = readFaults.poll();
      if (met != null) {
        return met;
      }
      var id = call.path().substring(call.path().lastIndexOf('/') + 1);
      return messages.containsKey(id)
          ? new Fault.Answer(200, "{\"id\":\"" + id + "\"}", Map.of())
          : new Fault.Answer(404, "{\"message\":\"Unknown Message\",\"code\":10008}", Map.of());
    }
    calls.add(call);
    var fault = faults.poll();
    if (fault == null && lasting != null) {
      return lasting;
    }
    if (fault instanceof Fault.LostAnswer || fault instanceof Fault.TornAnswer) {
      var unused = effect(call);
      return fault;
    }
    return fault == null || fault instanceof Fault.None ? effect(call) : fault;
  }

  private Fault effect(Call call) {
    var nonce = call.body().path("nonce").asString("");
    if (call.body().path("enforce_nonce").asBoolean(false) && nonces.containsKey(nonce)) {
      // As Discord does: the message that is there already is the answer.
      return new Fault.Answer(200, "{\"id\":\"" + nonces.get(nonce) + "\"}", headers);
    }
    if (call.method().equals("POST") && call.path().equals(PATH)) {
      var id = Long.toString(++lastId);
      nonces.put(nonce, id);
      messages.put(id, call.body());
      return new Fault.Answer(200, "{\"id\":\"" + id + "\"}", headers);
    }
    var id = call.path().substring(call.path().lastIndexOf('/') + 1);
    if (call.method().equals("PATCH") && messages.containsKey(id)) {
      messages.put(id, call.body());
      return new Fault.Answer(200, "{\"id\":\"" + id + "\"}", headers);
    }
    return new Fault.Answer(404, "{\"message\":\"Unknown Message\",\"code\":10008}", Map.of());
  }

  /** The webhook's address. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /** The next looks at a message meet these faults, in order. */
  public synchronized void failReads(Fault... next) {
    readFaults.addAll(List.of(next));
  }

  /** The next requests meet these faults, in order. */
  public synchronized void fail(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** Once those faults are met, every request meets this one, until {@link #mend}. */
  public synchronized void failOn(Fault fault) {
    lasting = fault;
  }

  /** The fault that lasts is over. */
  public synchronized void mend() {
    lasting = null;
  }

  /** Headers of every good answer from now on. */
  public synchronized void headers(Map<String, String> all) {
    headers = Map.copyOf(all);
  }

  /** Somebody deletes a message in Discord. */
  public synchronized void delete(String id) {
    messages.remove(id);
  }

  /** Whether all faults have been met, and none lasts. */
  public synchronized boolean isHealthy() {
    return faults.isEmpty() && lasting == null;
  }

  /** How often it was looked whether a message is still there. */
  public synchronized int reads() {
    return reads;
  }

  /** The requests so far that change something, in order. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The messages that can be read now and mention {@code text}, by id, in order of posting. */
  public synchronized Map<String, JsonNode> messagesWith(String text) {
    var found = new LinkedHashMap<String, JsonNode>();
    messages.forEach((id, message) -> {
      if (message.toString().contains(text)) {
        found.put(id, message);
      }
    });
    return found;
  }
}
