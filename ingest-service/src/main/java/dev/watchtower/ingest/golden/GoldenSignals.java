package dev.watchtower.ingest.golden;

import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Computes golden signals: for each, the first source that has data for the service. */
public final class GoldenSignals {
  /** A point of the history. */
  public record Point(long ts, Map<String, @Nullable Double> signals) {}

  /**
   * A source for one service, read when it is first asked for: most sources are for telemetry that
   * the service does not send, and what is read of a thousand services takes many megabytes.
   */
  private static final class Compiled {
    private final GoldenSources.Source source;
    private final ServiceKey key;
    private final long window;
    private volatile @Nullable Read read;

    private record Read(String query, Expr expr) {}

    Compiled(GoldenSources.Source source, ServiceKey key, long window) {
      this.source = source;
      this.key = key;
      this.window = window;
    }

    /** Two threads may both read it: they find the same. */
    private Read read() {
      Read known = read;
      if (known == null) {
        known = new Read(source.query(key, window), source.expression(key, window));
        read = known;
      }
      return known;
    }

    Set<String> metrics() {
      return source.metrics();
    }

    String query() {
      return read().query();
    }

    Expr expr() {
      return read().expr();
    }
  }

  private record CacheKey(ServiceKey key, long windowMillis) {}

  private static final int MAX_CACHED = 20_000;

  private final QueryEngine engine;
  private final GoldenSources sources;
  private final Map<CacheKey, Map<String, List<Compiled>>> compiled;

  /** Signals of those sources. */
  public GoldenSignals(QueryEngine engine, GoldenSources sources) {
    this(engine, sources, new HashMap<>());
  }

  private GoldenSignals(
      QueryEngine engine,
      GoldenSources sources,
      Map<CacheKey, Map<String, List<Compiled>>> compiled) {
    this.engine = engine;
    this.sources = sources;
    this.compiled = compiled;
  }

  /** The same signals, read by another engine. */
  public GoldenSignals by(QueryEngine other) {
    return new GoldenSignals(other, sources, compiled);
  }

  /** The signals of other sources, read by the same engine. */
  public GoldenSignals of(GoldenSources others) {
    return new GoldenSignals(engine, others);
  }

  /** The sources it uses. */
  public GoldenSources sources() {
    return sources;
  }

  /**
   * The signals of a service at an instant. A gauge counts for one window, not for five minutes, so
   * that an instance that is gone is soon out of the picture.
   *
   * @throws dev.watchtower.ingest.query.QueryException if an expression has no answer
   */
  public SignalSnapshot at(ObservedService service, long at) {
    long window = service.windowMillis();
    return at(service, at, window, engine.at(at, window));
  }

  /**
   * The signals of a service at {@code first}, {@code first + step}, … up to {@code last}: those of
   * {@link #at} for each, with its samples read once for all.
   *
   * @throws dev.watchtower.ingest.query.QueryException if an expression has no answer
   */
  public List<SignalSnapshot> at(ObservedService service, long first, long last, long step) {
    if (first > last) {
      return List.of();
    }
    long window = service.windowMillis();
    QueryEngine.Span span = engine.over(first, last, window);
    List<SignalSnapshot> snapshots = new ArrayList<>();
    for (long at = first; at <= last; at += step) {
      snapshots.add(at(service, at, window, span.at(at)));
    }
    return snapshots;
  }

  private SignalSnapshot at(
      ObservedService service, long at, long window, QueryEngine.Instant instant) {
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    Map<String, String> queries = new HashMap<>();
    compiled(service.key(), window)
        .forEach((signal, candidates) -> {
          values.put(signal, null);
          for (Compiled candidate : candidates) {
            Double value =
                service.hasAny(candidate.metrics()) ? first(instant.value(candidate.expr())) : null;
            if (value != null) {
              values.put(signal, Double.isFinite(value) ? value : null);
              queries.put(signal, candidate.query());
              break;
            }
          }
        });
    return new SignalSnapshot(service.key(), at, window, values, queries, service.isSettling(at));
  }

  /**
   * The signals of a service over a time; points without any value are left out.
   *
   * @param windowMillis the window of rates; at least a step, so that nothing falls between
   * @throws dev.watchtower.ingest.query.QueryException if the range is wrong or too long
   */
  public List<Point> history(ServiceKey key, long windowMillis, long from, long to, long step) {
    return history(key, windowMillis, from, to, step, _ -> true);
  }

  /**
   * Some signals of a service over a time; the others are null.
   *
   * @param wanted which, by name
   * @throws dev.watchtower.ingest.query.QueryException if the range is wrong or too long
   */
  public List<Point> history(
      ServiceKey key, long windowMillis, long from, long to, long step, Predicate<String> wanted) {
    long window = Math.max(windowMillis, step);
    Map<Long, Map<String, @Nullable Double>> points = new TreeMap<>();
    compiled(key, window)
        .forEach((signal, candidates) -> {
          for (Compiled candidate : wanted.test(signal) ? candidates : List.<Compiled>of()) {
            // A gauge counts for as long as it does at an instant, not for five minutes.
            List<Value.Points> series =
                engine.range(candidate.expr(), from, to, step, window).series();
            if (!series.isEmpty()) {
              add(points, signal, series.getFirst());
              break;
            }
          }
        });
    List<Point> history = new ArrayList<>(points.size());
    for (Map.Entry<Long, Map<String, @Nullable Double>> point : points.entrySet()) {
      history.add(new Point(point.getKey(), point.getValue()));
    }
    return Collections.unmodifiableList(history);
  }

  private void add(
      Map<Long, Map<String, @Nullable Double>> points, String signal, Value.Points series) {
    for (int i = 0; i < series.times().length; i++) {
      double value = series.values()[i];
      points
          .computeIfAbsent(series.times()[i], _ -> empty())
          .put(signal, Double.isFinite(value) ? value : null);
    }
  }

  private Map<String, @Nullable Double> empty() {
    Map<String, @Nullable Double> empty = new LinkedHashMap<>();
    sources.bySignal().keySet().forEach(signal -> empty.put(signal, null));
    return empty;
  }

  private static @Nullable Double first(Value value) {
    return switch (value) {
      case Value.Scalar scalar -> scalar.value();
      case Value.Vector vector ->
          vector.samples().isEmpty() ? null : vector.samples().getFirst().value();
      case Value.Matrix _, Value.Text _ -> null;
    };
  }

  private Map<String, List<Compiled>> compiled(ServiceKey key, long windowMillis) {
    synchronized (compiled) {
      if (compiled.size() >= MAX_CACHED) {
        compiled.clear();
      }
      return compiled.computeIfAbsent(
          new CacheKey(key, windowMillis),
          _ -> {
            Map<String, List<Compiled>> bySignal = new LinkedHashMap<>();
            sources
                .bySignal()
                .forEach((signal, all) ->
                    bySignal.put(
                        signal,
                        all.stream()
                            .map(source -> new Compiled(source, key, windowMillis))
                            .toList()));
            return bySignal;
          });
    }
  }
}
