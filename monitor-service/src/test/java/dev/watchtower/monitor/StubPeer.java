package dev.watchtower.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real HTTP server that answers as told, remembers what it was sent, and can be down. */
public final class StubPeer {
  /** What it was sent. */
  public record Got(String method, String path, String body, @Nullable String authorization) {}

  /** What it answers. */
  public record Reply(int status, String body, @Nullable String retryAfter) {
    public static Reply ok(String body) {
      return new Reply(200, body, null);
    }

    /** None: the connection ends once the request has been read. */
    public static Reply none() {
      return new Reply(0, "", null);
    }
  }

  private final List<Got> received = new CopyOnWriteArrayList<>();
  private volatile Function<Got, Reply> answers = _ -> Reply.ok("{\"status\":\"UP\"}");
  private final int port;
  private @Nullable HttpServer server;

  public StubPeer() {
    this.port = start(0);
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public List<Got> received() {
    return received;
  }

  public void answer(Function<Got, Reply> how) {
    answers = how;
  }

  public synchronized void down() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  public synchronized void up() {
    if (server == null) {
      start(port);
    }
  }

  private synchronized int start(int wanted) {
    try {
      var made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
      made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      made.createContext("/", this::handle);
      made.start();
      server = made;
      return made.getAddress().getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    var got =
        new Got(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("Authorization"));
    received.add(got);
    var reply = answers.apply(got);
    if (reply.status() == 0) {
      exchange.close();
      return;
    }
    var body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (reply.retryAfter() != null) {
      exchange.getResponseHeaders().set("Retry-After", reply.retryAfter());
    }
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
