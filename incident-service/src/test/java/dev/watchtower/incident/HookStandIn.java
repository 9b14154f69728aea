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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A receiver of webhooks over real HTTP: keeps what it took, and misbehaves as often as the test
 * asks it to. A fault is used up by the request that meets it.
 */
public final class HookStandIn {
  /** What goes wrong with a request. */
  public sealed interface Fault {
    /** An answer with a body and headers instead of the effect. */
    record Answer(int status, String body, Map<String, String> headers) implements Fault {}

    /** The connection is closed without an answer, and nothing is done. */
    record Reset() implements Fault {}

    /** The message is taken, but the answer gets lost. */
    record LostAnswer() implements Fault {}

    /** The message is taken, but the answer breaks off in its body. */
    record TornAnswer() implements Fault {}

    /** The message is taken, but the answer comes late. */
    record Slow(long millis) implements Fault {}
  }

  /** A request as it came. */
  public record Request(Map<String, List<String>> headers, String body) {
    /** The first value of a header, empty for none. */
    public String header(String name) {
      return headers.entrySet().stream()
          .filter(e -> e.getKey().equalsIgnoreCase(name))
          .map(e -> e.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  private final HttpServer server;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final List<Request> taken = new ArrayList<>();
  private final List<Request> seen = new ArrayList<>();

  /** Listens on a free port. */
  public HookStandIn() {
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
    var request = new Request(Map.copyOf(exchange.getRequestHeaders()), body);
    switch (next(request)) {
      case Fault.Reset r -> exchange.close();
      case Fault.LostAnswer l -> exchange.close();
      case Fault.TornAnswer t -> DiscordStandIn.tear(exchange);
      case Fault.Answer a -> answer(exchange, a.status(), a.body(), a.headers());
      case Fault.Slow s -> {
        pass(s.millis());
        answer(exchange, 200, "ok", Map.of());
      }
    }
  }

  private static void answer(
      HttpExchange exchange, int status, String body, Map<String, String> headers)
      throws IOException {
    try (exchange) {
      headers.forEach(exchange.getResponseHeaders()::set);
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void pass(long millis) {
    try {
      var unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Fault next(Request request) {
    seen.add(request);
    var fault = faults.poll();
    if (fault == null
        || fault instanceof Fault.LostAnswer
        || fault instanceof Fault.TornAnswer
        || fault instanceof Fault.Slow) {
      taken.add(request);
    }
    return fault == null ? new Fault.Answer(200, "ok", Map.of()) : fault;
  }

  /** Its address; the path is a secret. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/abc-secret";
  }

  /** The next requests meet these faults, in order. */
  public synchronized void fail(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** Whether all faults have been met. */
  public synchronized boolean isHealthy() {
    return faults.isEmpty();
  }

  /** What it took so far that mentions {@code text}, in order. */
  public synchronized List<Request> takenWith(String text) {
    return taken.stream().filter(r -> r.body().contains(text)).toList();
  }

  /** All requests so far that mention {@code text}, taken or not, in order. */
  public synchronized List<Request> seenWith(String text) {
    return seen.stream().filter(r -> r.body().contains(text)).toList();
  }
}
