package dev.watchtower.analysis.evidence.http;

import dev.watchtower.analysis.evidence.SourceException;
import dev.watchtower.analysis.evidence.Telemetry;
import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.ChangeEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Series and change events from ingest-service. */
public final class IngestTelemetry implements Telemetry {
  /** The window of rates where ingest-service does not say one. */
  private static final Duration USUAL_WINDOW = Duration.ofSeconds(10);

  private final Peers peers;
  private final JsonMapper json;
  private final Duration limit;

  /**
   * @param limit how long one call may take
   */
  public IngestTelemetry(Peers peers, JsonMapper json, Duration limit) {
    this.peers = peers;
    this.json = json;
    this.limit = limit;
  }

  @Override
  public List<Series> goldenSignals(
      String service, String env, Instant from, Instant to, Duration step) {
    var history = history(service, env, from, to, step);
    return history == null || history.points == null ? List.of() : series(service, history.points);
  }

  private @Nullable History history(
      String service, String env, Instant from, Instant to, Duration step) {
    return Sources.ask(
        "ingest-service",
        () ->
            peers
                .client("ingest", limit)
                .get()
                .uri(
                    "/api/v1/signals/history?service={s}&env={e}&from={f}&to={t}&step={d}",
                    service,
                    env,
                    from,
                    to,
                    seconds(step) + "s")
                .retrieve()
                .body(History.class));
  }

  private static List<Series> series(String service, List<Point> points) {
    var names = new LinkedHashMap<String, double[]>();
    long[] millis = new long[points.size()];
    for (int i = 0; i < millis.length; i++) {
      var point = points.get(i);
      millis[i] = point.ts;
      if (point.signals == null) {
        continue;
      }
      int at = i;
      point.signals.forEach((name, value) -> {
        if (value != null) {
          names.computeIfAbsent(name, k -> nothing(millis.length))[at] = value;
        }
      });
    }
    var all = new ArrayList<Series>();
    names.forEach(
        (name, values) -> all.add(new Series(service, name, millis, values, Series.Unit.GOLDEN)));
    return all;
  }

  private static double[] nothing(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  @Override
  public List<Series> furtherSeries(
      String service, String env, Instant from, Instant to, Duration step) {
    var queries = queries(service, env, to, step);
    var all = new ArrayList<Series>();
    Map.of(
            "client_errors", queries.clientErrors(),
            "client_latency", queries.clientLatency(),
            "pool_pending", "max(hikaricp_connections_pending{" + queries.labels() + "})")
        .forEach((name, expression) -> {
          var rows = range(expression, from, to, step);
          if (!rows.isEmpty()) {
            series(service, name, rows.getFirst()).ifPresent(all::add);
          }
        });
    return all;
  }

  @Override
  public Calls calls(String service, String env, Instant from, Instant to, Duration step) {
    var queries = queries(service, env, to, step);
    var waited = new LinkedHashMap<String, Series>();
    for (var row : range(queries.waited(), from, to, step)) {
      series(service, "call_time", row).ifPresent(s -> waited.putIfAbsent(host(row), s));
    }
    var worked = range(queries.worked(), from, to, step);
    return new Calls(
        waited,
        worked.isEmpty() ? null : series(service, "work_time", worked.getFirst()).orElse(null));
  }

  private static String host(Row row) {
    var labels = row.metric == null ? Map.<String, String>of() : row.metric;
    return CallQueries.CALLED_HOST.stream()
        .map(name -> labels.getOrDefault(name, ""))
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** With the window of the service's golden signals, at least a step: nothing falls between. */
  private CallQueries queries(String service, String env, Instant at, Duration step) {
    var history = history(service, env, at, at, step);
    var own = history == null || history.window == null ? 0 : history.window / 1000;
    var window = Math.max(own > 0 ? own : USUAL_WINDOW.toSeconds(), step.toSeconds());
    return new CallQueries(
        "service=\"%s\",env=\"%s\"".formatted(quoted(service), quoted(env)), window + "s");
  }

  private List<Row> range(String expression, Instant from, Instant to, Duration step) {
    var answer =
        Sources.ask(
            "ingest-service",
            () ->
                peers
                    .client("ingest", limit)
                    .get()
                    .uri(
                        "/api/v1/query_range?query={q}&start={f}&end={t}&step={d}",
                        expression,
                        epoch(from),
                        epoch(to),
                        seconds(step))
                    .retrieve()
                    .body(Matrix.class));
    return answer == null || answer.data == null || answer.data.result == null
        ? List.of()
        : answer.data.result;
  }

  private static Optional<Series> series(String service, String name, Row row) {
    var pairs = row.values;
    if (pairs == null) {
      return Optional.empty();
    }
    long[] millis = new long[pairs.size()];
    double[] values = new double[pairs.size()];
    for (int i = 0; i < millis.length; i++) {
      var pair = pairs.get(i);
      millis[i] =
          pair.getFirst() instanceof Number seconds ? Math.round(seconds.doubleValue() * 1000) : 0;
      values[i] = number(pair.getLast());
    }
    return Optional.of(new Series(service, name, millis, values, Series.Unit.GOLDEN));
  }

  private static double number(Object value) {
    try {
      return Double.parseDouble(String.valueOf(value));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  @Override
  public List<ChangeEvent> changes(String env, Instant from, Instant to) {
    var answer =
        Sources.ask(
            "ingest-service",
            () ->
                peers
                    .client("ingest", limit)
                    .get()
                    .uri("/api/v1/events?env={e}&from={f}&to={t}", env, from, to)
                    .retrieve()
                    .body(JsonNode.class));
    if (answer == null) {
      return List.of();
    }
    var items = answer.isArray() ? answer : answer.path("items");
    try {
      var events = new ArrayList<ChangeEvent>();
      for (var item : items) {
        events.add(json.treeToValue(item, ChangeEvent.class));
      }
      return events;
    } catch (JacksonException e) {
      throw new SourceException("ingest-service sent events that cannot be read", e);
    }
  }

  @Override
  public List<Anomaly> anomalies(String env) {
    var answer =
        Sources.ask(
            "ingest-service",
            () ->
                peers
                    .client("ingest", limit)
                    .get()
                    .uri("/api/v1/anomalies?env={e}", env)
                    .retrieve()
                    .body(Unusual.class));
    var all = new ArrayList<Anomaly>();
    if (answer != null && answer.items != null) {
      for (var of : answer.items) {
        for (var s : of.signals) {
          if (s.since != null && s.value != null && s.expected != null) {
            all.add(
                new Anomaly(
                    of.service,
                    s.signal,
                    s.value,
                    s.expected,
                    s.scale,
                    s.surprise,
                    Instant.ofEpochMilli(s.since)));
          }
        }
      }
    }
    return all;
  }

  private static String epoch(Instant at) {
    return BigDecimal.valueOf(at.toEpochMilli(), 3).toPlainString();
  }

  private static String seconds(Duration step) {
    return Long.toString(Math.max(1, step.toSeconds()));
  }

  private static String quoted(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private record History(@Nullable Long window, @Nullable List<Point> points) {}

  private record Point(long ts, @Nullable Map<String, @Nullable Double> signals) {}

  private record Unusual(@Nullable List<UnusualService> items) {}

  private record UnusualService(String service, List<UnusualSignal> signals) {}

  private record UnusualSignal(
      String signal,
      @Nullable Double value,
      @Nullable Double expected,
      double scale,
      double surprise,
      @Nullable Long since) {}

  private record Matrix(@Nullable Data data) {}

  private record Data(@Nullable List<Row> result) {}

  private record Row(@Nullable Map<String, String> metric, @Nullable List<List<Object>> values) {}
}
