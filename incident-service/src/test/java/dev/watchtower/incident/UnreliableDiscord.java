package dev.watchtower.incident;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Discord webhook that fails as often as it is told to, by a seeded dice, and that honours the
 * nonce of a post as Discord does: what is posted twice with one nonce is one message.
 */
final class UnreliableDiscord {
  /** What can go wrong with a request. */
  private enum Fault {
    /** The connection is closed before anything is done. */
    DROPPED,
    /** The connection is closed after it was done. */
    RESET,
    LIMITED,
    BROKEN,
    SLOW
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PATH = "/api/webhooks/1/abc-secret";

  private final HttpServer server;
  private final Random dice;
  private final Map<String, JsonNode> messages = new LinkedHashMap<>();
  private final Map<String, String> idOfNonce = new LinkedHashMap<>();
  private final List<String> repeated = new ArrayList<>();
  private int faultsLeft;
  private int met;
  private long lastId = 1000;

  /** Listens on a free port; its dice are thrown from {@code seed}. */
  UnreliableDiscord(long seed) {
    dice = new Random(seed);
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
    try (exchange) {
      var bytes = exchange.getRequestBody().readAllBytes();
      var body = bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
      var fault = fault();
      if (fault == Fault.DROPPED) {
        return;
      }
      if (fault == Fault.LIMITED) {
        send(exchange, 429, "{\"retry_after\":0.2,\"global\":false}");
      } else if (fault == Fault.BROKEN) {
        send(exchange, 500, "{}");
      } else {
        var id = take(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
        if (fault == Fault.SLOW) {
          linger();
        }
        if (fault != Fault.RESET) {
          send(
              exchange,
              id.isEmpty() ? 404 : 200,
              id.isEmpty() ? "{\"code\":10008}" : "{\"id\":\"" + id + "\"}");
        }
      }
    }
  }

  private static void linger() {
    try {
      // Nobody counts down: this is how long it is slow.
      boolean unused = new CountDownLatch(1).await(400, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Fault fault() {
    if (faultsLeft == 0 || dice.nextInt(3) != 0) {
      return null;
    }
    faultsLeft--;
    met++;
    return Fault.values()[dice.nextInt(Fault.values().length)];
  }

  private synchronized String take(String method, String path, JsonNode body) {
    if (method.equals("POST") && path.equals(PATH)) {
      var nonce = body.path("nonce").asString("");
      var known = idOfNonce.get(nonce);
      if (known != null) {
        repeated.add(nonce);
        return known;
      }
      var id = Long.toString(++lastId);
      messages.put(id, body);
      idOfNonce.put(nonce, id);
      return id;
    }
    var id = path.substring(path.lastIndexOf('/') + 1);
    if (!messages.containsKey(id)) {
      return "";
    }
    if (method.equals("PATCH")) {
      messages.put(id, body);
    }
    return id;
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** The webhook's address. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /** Fails {@code more} times again, at random; 0: from now on never. */
  synchronized void failAtRandom(int more) {
    faultsLeft = more;
  }

  /** How many faults were met so far. */
  synchronized int faultsMet() {
    return met;
  }

  /** The messages that were posted, by their nonce. */
  synchronized Map<String, JsonNode> byNonce() {
    var all = new LinkedHashMap<String, JsonNode>();
    idOfNonce.forEach((nonce, id) -> all.put(nonce, messages.get(id)));
    return all;
  }

  /** How many messages there are, however they came. */
  synchronized int count() {
    return messages.size();
  }

  /** Ends it. */
  void close() {
    server.stop(0);
  }
}
