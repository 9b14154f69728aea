package dev.watchtower.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A server that keeps messages as Discord's webhooks do, and remembers every request. Where failed
 * tests are run again, so is it.
 */
final class StandInDiscord implements AutoCloseable {
  private static final String PATH = "/api/webhooks/1/secret-part";

  /** A request that was taken. */
  record Request(String method, String messageId, JsonNode body) {
    /** All that people read of it. */
    String text() {
      return body.toString();
    }
  }

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, JsonNode> messages = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong(1_000);
  private @Nullable HttpServer server;

  void open() {
    requests.clear();
    messages.clear();
    HttpServer opened;
    try {
      opened = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    opened.createContext(PATH, this::handle);
    opened.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    opened.start();
    server = opened;
  }

  String webhook() {
    return "http://127.0.0.1:" + Objects.requireNonNull(server).getAddress().getPort() + PATH;
  }

  /** Every request, oldest first. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The messages as people see them now, by id. */
  Map<String, JsonNode> messages() {
    return Map.copyOf(messages);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = Suite.JSON.readTree(exchange.getRequestBody().readAllBytes());
      var rest = exchange.getRequestURI().getPath().substring(PATH.length());
      var method = exchange.getRequestMethod();
      String id;
      if (method.equals("POST") && rest.isEmpty()) {
        id = Long.toString(ids.incrementAndGet());
      } else if (method.equals("PATCH") && messages.containsKey(rest.replace("/messages/", ""))) {
        id = rest.replace("/messages/", "");
      } else {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      messages.put(id, body);
      requests.add(new Request(method, id, body));
      var answer = ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
