package dev.watchtower.analysis.support;

import dev.watchtower.analysis.support.StubServer.Answer;
import dev.watchtower.analysis.support.StubServer.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stand-in ingest-service that tells the story of the sample shop: all is quiet until {@code
 * since}, then the services that were broken fail.
 */
public final class ShopTelemetry {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final StubServer server = new StubServer();
  private final Map<String, Instant> failing = new ConcurrentHashMap<>();
  private volatile List<Map<String, Object>> events = List.of();
  private volatile boolean down;

  public ShopTelemetry() {
    server.answering(this::answer);
  }

  public StubServer server() {
    return server;
  }

  /** All is well from now on. */
  public void heal() {
    failing.clear();
    events = List.of();
    down = false;
  }

  /** The service answers with errors since. */
  public void fail(String service, Instant since) {
    failing.put(service, since);
  }

  /** These change events are known. */
  public void events(List<Map<String, Object>> known) {
    events = known;
  }

  /** Every request is answered with 503. */
  public void down() {
    down = true;
  }

  private Answer answer(Request request) {
    if (down) {
      return new Answer(503, "{}");
    }
    return switch (request.path()) {
      case "/api/v1/signals/history" -> new Answer(200, history(parameters(request.query())));
      case "/api/v1/query_range" -> new Answer(200, matrix(parameters(request.query())));
      case "/api/v1/anomalies" -> new Answer(200, "{\"items\":[],\"next\":null}");
      case "/api/v1/events" -> new Answer(200, JSON.writeValueAsString(events));
      default -> new Answer(404, "{}");
    };
  }

  private String history(Map<String, String> query) {
    var service = query.getOrDefault("service", "");
    long from = Instant.parse(query.getOrDefault("from", "")).toEpochMilli();
    long to = Instant.parse(query.getOrDefault("to", "")).toEpochMilli();
    var since = failing.get(service);
    var random = new Random(service.hashCode());
    var points = new ArrayList<Map<String, Object>>();
    for (long at = from; at <= to; at += 1_000) {
      boolean bad = since != null && at >= since.toEpochMilli();
      points.add(
          Map.of(
              "ts",
              at,
              "signals",
              Map.of(
                  "error_rate",
                  bad ? 0.7 : 0,
                  "latency_p95",
                  0.05 + 0.004 * random.nextGaussian(),
                  "traffic",
                  9 + 0.6 * random.nextGaussian(),
                  "cpu",
                  Math.abs(0.06 + 0.01 * random.nextGaussian()))));
    }
    return JSON.writeValueAsString(
        Map.of("service", service, "env", "prod", "step", "1s", "points", points));
  }

  /** Checkout sees its calls fail while inventory does; everything else is not measured. */
  private String matrix(Map<String, String> query) {
    var asked = query.getOrDefault("query", "");
    var result = new ArrayList<Map<String, Object>>();
    if (asked.contains("service=\"checkout\"") && asked.contains("outcome=~")) {
      var since = failing.get("inventory");
      long from = (long) Double.parseDouble(query.getOrDefault("start", "0"));
      long to = (long) Double.parseDouble(query.getOrDefault("end", "0"));
      var values = new ArrayList<List<Object>>();
      for (long at = from; at <= to; at++) {
        values.add(List.of(at, since != null && at >= since.getEpochSecond() ? "0.7" : "0"));
      }
      result.add(Map.of("metric", Map.of(), "values", values));
    }
    return JSON.writeValueAsString(
        Map.of("status", "success", "data", Map.of("resultType", "matrix", "result", result)));
  }

  private static Map<String, String> parameters(String query) {
    var all = new LinkedHashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      int at = pair.indexOf('=');
      if (at > 0) {
        all.put(pair.substring(0, at), pair.substring(at + 1));
      }
    }
    return all;
  }
}
