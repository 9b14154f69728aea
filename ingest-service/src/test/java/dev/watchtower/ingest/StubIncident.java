package dev.watchtower.ingest;

import com.sun.net.httpserver.HttpServer;
import dev.watchtower.common.wire.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** A server that takes signals as incident-service does. */
public final class StubIncident {
  /** A signal, and when it came. */
  public record Received(Signal signal, long nanos, String authorization) {}

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final HttpServer server;

  /** Listens on a free port of loopback. */
  public StubIncident() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/api/v1/signals",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          int status = 202;
          if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            status = 503;
          } else {
            received.add(
                new Received(
                    JsonMapper.shared().readValue(body, Signal.class),
                    System.nanoTime(),
                    exchange.getRequestHeaders().getFirst("Authorization")));
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Its base address. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers 503 to the next requests. */
  public void failNext(int requests) {
    failures.set(requests);
  }

  /** What came about a service, in order. */
  public List<Received> about(String service) {
    return received.stream().filter(r -> r.signal().service().equals(service)).toList();
  }
}
