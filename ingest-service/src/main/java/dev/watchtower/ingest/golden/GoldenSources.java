package dev.watchtower.ingest.golden;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.Expressions;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The catalog's expressions for golden signals, checked. An expression that cannot be read is left
 * out and told in {@link #faults}; the others work on.
 */
public final class GoldenSources {
  /**
   * One way to compute a signal.
   *
   * @param template with {@code $service}, {@code $env} and {@code $window}
   * @param metrics the metrics it reads; empty if that cannot be said
   */
  public record Source(String signal, String convention, String template, Set<String> metrics) {
    public Source {
      metrics = Set.copyOf(metrics);
    }

    /** The query for a service. */
    public String query(ServiceKey key, long windowMillis) {
      return template
          .replace("$service", escaped(key.service()))
          .replace("$env", escaped(key.env()))
          .replace("$window", window(windowMillis));
    }

    /** The query for a service, read. */
    public Expr expression(ServiceKey key, long windowMillis) {
      return Parser.parse(query(key, windowMillis));
    }

    private static String window(long millis) {
      return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String escaped(String value) {
      return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
  }

  /** Nobody writes such a range. */
  private static final long EXAMPLE_WINDOW = 10_007;

  private final Map<String, List<Source>> sources = new LinkedHashMap<>();
  private final Set<String> metrics = new HashSet<>();
  private final Set<String> inWindow = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private final boolean readsAny;

  /** The expressions of a catalog. */
  public GoldenSources(List<Catalog.GoldenSignal> signals) {
    for (Catalog.GoldenSignal signal : signals) {
      List<Source> readable = new ArrayList<>();
      for (Catalog.GoldenSignal.Source source : signal.sources()) {
        try {
          readable.add(checked(signal.name(), source, inWindow));
        } catch (QueryException e) {
          faults.add(
              "golden-signals."
                  + signal.name()
                  + " ("
                  + source.convention()
                  + "): "
                  + e.getMessage());
        }
      }
      sources.put(signal.name(), List.copyOf(readable));
    }
    sources.values().forEach(all -> all.forEach(source -> metrics.addAll(source.metrics())));
    readsAny = sources.values().stream().flatMap(List::stream).anyMatch(s -> s.metrics().isEmpty());
  }

  private static Source checked(
      String signal, Catalog.GoldenSignal.Source source, Set<String> inWindow) {
    Source unread = new Source(signal, source.convention(), source.expression(), Set.of());
    Expr example = unread.expression(new ServiceKey("a", "b"), EXAMPLE_WINDOW);
    inWindow.addAll(Expressions.metrics(example, range -> range == EXAMPLE_WINDOW));
    return new Source(
        signal, source.convention(), source.expression(), Expressions.metrics(example));
  }

  /** The ways to compute each signal, in the order in which they are tried. */
  public Map<String, List<Source>> bySignal() {
    return sources;
  }

  /** Whether any expression reads the metric. */
  public boolean reads(String metric) {
    return readsAny || metrics.contains(metric);
  }

  /**
   * Whether any expression reads the metric in the window of a service, as a rate or as its last
   * value: then the window must be long enough for how often it comes. Of what is read over a range
   * of its own ({@code [2m]}) it need not be.
   */
  public boolean readsInWindow(String metric) {
    return readsAny || inWindow.contains(metric);
  }

  /** Which expressions of the catalog cannot be read, and why. */
  public List<String> faults() {
    return List.copyOf(faults);
  }
}
