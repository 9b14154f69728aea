package dev.watchtower.analysis.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the time of a call goes: what the caller waited, less what the callee worked, is the way
 * between them. A slow network, a full accept queue or a stalled proxy shows there and nowhere
 * else. Pure and safe to share between threads.
 */
public final class CallTimes {
  /** The metric of the series that {@link #network} makes. */
  public static final String NETWORK = "network_latency";

  private CallTimes() {}

  /**
   * Both ends of one edge of the call graph, in the same unit.
   *
   * @param waited as the caller saw it, a series of the caller
   * @param worked as the callee saw it, a series of the callee
   */
  public record Edge(String caller, String callee, Series waited, Series worked) {}

  /**
   * The time on the way to each callee, one series each. Of several callers the least counts, since
   * what is wrong with the callee's connection all of them see; what one alone sees is its own.
   */
  public static List<Series> network(List<Edge> edges) {
    Map<String, List<Edge>> byCallee = new LinkedHashMap<>();
    edges.forEach(e -> byCallee.computeIfAbsent(e.callee, k -> new ArrayList<>()).add(e));
    var all = new ArrayList<Series>();
    byCallee.forEach((callee, its) -> least(callee, its).ifPresent(all::add));
    return List.copyOf(all);
  }

  private static Optional<Series> least(String callee, List<Edge> edges) {
    var first = edges.getFirst().waited;
    long[] millis = first.millis().clone();
    double[] values = new double[millis.length];
    Arrays.fill(values, Double.NaN);
    long apart =
        millis.length < 2 ? 0 : (millis[millis.length - 1] - millis[0]) / (millis.length - 1) / 2;
    boolean any = false;
    for (var edge : edges) {
      var waited = byTime(edge.waited);
      var worked = byTime(edge.worked);
      for (int i = 0; i < millis.length; i++) {
        double onTheWay = near(waited, millis[i], apart) - near(worked, millis[i], apart);
        if (Double.isFinite(onTheWay)) {
          double least = Math.max(0, onTheWay);
          values[i] = Double.isNaN(values[i]) ? least : Math.min(values[i], least);
          any = true;
        }
      }
    }
    return any
        ? Optional.of(new Series(callee, NETWORK, millis, values, first.unit()))
        : Optional.empty();
  }

  private static NavigableMap<Long, Double> byTime(Series series) {
    var byTime = new TreeMap<Long, Double>();
    for (int i = 0; i < series.values().length; i++) {
      if (Double.isFinite(series.values()[i])) {
        byTime.put(series.millis()[i], series.values()[i]);
      }
    }
    return byTime;
  }

  /** The value nearest to that time; NaN where both ends were not seen at the same time. */
  private static double near(NavigableMap<Long, Double> values, long at, long apart) {
    var before = values.floorEntry(at);
    var after = values.ceilingEntry(at);
    var nearest = before;
    if (before == null || (after != null && after.getKey() - at < at - before.getKey())) {
      nearest = after;
    }
    return nearest == null || Math.abs(nearest.getKey() - at) > apart
        ? Double.NaN
        : nearest.getValue();
  }
}
