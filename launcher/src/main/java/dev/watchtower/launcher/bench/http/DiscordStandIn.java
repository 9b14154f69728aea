package dev.watchtower.launcher.bench.http;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A Discord webhook on loopback that notes when the first message about a service arrives. */
final class DiscordStandIn implements AutoCloseable {
  private static final String PATH = "/api/webhooks/1/bench";
  private static final int MAX_BODY = 64 * 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong ids = new AtomicLong(1000);
  private final AtomicInteger posts = new AtomicInteger();
  private final AtomicInteger edits = new AtomicInteger();
  private final Map<String, CompletableFuture<Long>> expected = new ConcurrentHashMap<>();

  DiscordStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext(
        PATH,
        exchange -> {
          long arrived = System.nanoTime();
          try (exchange) {
            var body =
                new String(exchange.getRequestBody().readNBytes(MAX_BODY), StandardCharsets.UTF_8);
            if (exchange.getRequestMethod().equals("POST")) {
              posts.incrementAndGet();
              expected.forEach((service, message) -> {
                if (body.contains(service)) {
                  message.complete(arrived);
                }
              });
            } else {
              edits.incrementAndGet();
            }
            byte[] answer =
                "{\"id\":\"%d\"}".formatted(ids.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /**
   * When the first message about {@code service} arrives, by {@link System#nanoTime}. Ask before
   * causing it.
   */
  CompletableFuture<Long> messageAbout(String service) {
    return expected.computeIfAbsent(service, name -> new CompletableFuture<>());
  }

  /** New messages so far. */
  int posts() {
    return posts.get();
  }

  /** Edits of messages so far. */
  int edits() {
    return edits.get();
  }

  /** Counts from nothing again. */
  void forget() {
    posts.set(0);
    edits.set(0);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
