package dev.watchtower.ingest.series;

import java.util.List;

/**
 * Which series a service sends itself, and which somebody else sends about it, whether it lives or
 * not: what a scraper says of its target ({@code up}, {@code scrape_…}), what kube-state-metrics
 * says of a workload, what Prometheus says of its own alerts and what its recording rules make (a
 * colon in a name is for these alone).
 */
public final class SignsOfLife {
  private static final List<String> WORKLOAD =
      List.of("container", "deployment", "statefulset", "daemonset");

  private static final char RECORDED = ':';

  private SignsOfLife() {}

  /** Whether a sample of a series with these labels says that its service lives. */
  public static boolean isOne(Labels labels) {
    var metric = labels.metricName();
    return switch (metric) {
      case "up", "ALERTS", "ALERTS_FOR_STATE" -> false;
      default ->
          !metric.startsWith("scrape_")
              && metric.indexOf(RECORDED) < 0
              && !(metric.startsWith("kube_") && isOfOther(labels));
    };
  }

  /** What kube-state-metrics says of nodes and the like speaks for itself, so it lives. */
  private static boolean isOfOther(Labels labels) {
    return WORKLOAD.stream().anyMatch(name -> labels.service().equals(labels.get(name)));
  }
}
