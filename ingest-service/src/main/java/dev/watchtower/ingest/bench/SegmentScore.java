package dev.watchtower.ingest.bench;

import dev.watchtower.ingest.bench.WindowScore.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How well anomalous segments of services are found: area under the row-wise precision-recall
 * curve, F1 where a segment counts only if it is flagged within its first rows, and the share of
 * segments found in time at no more than one false alarm a service and day.
 */
final class SegmentScore {
  /** A segment counts as found in time within its first 8 rows. */
  private static final int DELAY = 7;

  /** Flagged runs with gaps of at most this are one event. */
  private static final int GAP = 5;

  private static final int STEPS = 400;

  /**
   * A service.
   *
   * @param from the first row that counts
   * @param rowsPerDay rows in 24 hours
   */
  record Service(String file, double[] scores, List<Span> segments, int from, double rowsPerDay) {
    Service {
      segments = List.copyOf(segments);
    }

    private boolean anomalous(int row) {
      return segments.stream().anyMatch(s -> s.contains(row));
    }
  }

  /**
   * The outcome.
   *
   * @param foundAtOneADay share of segments, 0 to 1
   */
  record Result(
      double averagePrecision, double delayF1, double delayThreshold, double foundAtOneADay) {
    String line() {
      return String.format(
          Locale.ROOT,
          "AP %.3f  delayF1 %.3f (threshold %.4f)  found at one false alarm a day %.3f",
          averagePrecision,
          delayF1,
          delayThreshold,
          foundAtOneADay);
    }
  }

  private record Row(double score, boolean anomalous) {}

  private SegmentScore() {}

  static Result of(List<Service> services) {
    double delayF1 = 0;
    double threshold = Double.POSITIVE_INFINITY;
    double found = 0;
    for (double candidate : thresholds(services)) {
      double f1 = delayF1(services, candidate);
      if (f1 > delayF1) {
        delayF1 = f1;
        threshold = candidate;
      }
      if (falseEventsADay(services, candidate) <= 1) {
        found = Math.max(found, foundInTime(services, candidate));
      }
    }
    return new Result(averagePrecision(services), delayF1, threshold, found);
  }

  private static double averagePrecision(List<Service> services) {
    List<Row> rows = new ArrayList<>();
    for (Service service : services) {
      for (int i = service.from; i < service.scores.length; i++) {
        rows.add(new Row(service.scores[i], service.anomalous(i)));
      }
    }
    rows.sort(Comparator.comparingDouble(Row::score).reversed());
    long all = rows.stream().filter(Row::anomalous).count();
    double area = 0;
    long hits = 0;
    for (int i = 0; i < rows.size(); ) {
      int end = i;
      long inTie = 0;
      while (end < rows.size() && rows.get(end).score == rows.get(i).score) {
        inTie += rows.get(end++).anomalous ? 1 : 0;
      }
      hits += inTie;
      area += inTie * ((double) hits / end);
      i = end;
    }
    return all == 0 ? 0 : area / all;
  }

  /** Thresholds that flag from a single row to a fifth of all, evenly in the logarithm. */
  private static double[] thresholds(List<Service> services) {
    double[] sorted =
        services.stream()
            .flatMapToDouble(s -> Arrays.stream(s.scores, s.from, s.scores.length))
            .sorted()
            .toArray();
    return IntStream.range(0, STEPS)
        .mapToDouble(i -> {
          double flagged = Math.pow(sorted.length / 5.0, i / (STEPS - 1.0));
          return sorted[Math.max(0, sorted.length - (int) Math.round(flagged))];
        })
        .distinct()
        .toArray();
  }

  private static boolean inTime(Service service, Span segment, double threshold) {
    return IntStream.rangeClosed(segment.first(), Math.min(segment.last(), segment.first() + DELAY))
        .anyMatch(row -> service.scores[row] >= threshold);
  }

  private static double foundInTime(List<Service> services, double threshold) {
    long found = 0;
    long all = 0;
    for (Service service : services) {
      all += service.segments.size();
      found += service.segments.stream().filter(s -> inTime(service, s, threshold)).count();
    }
    return all == 0 ? 0 : (double) found / all;
  }

  private static double delayF1(List<Service> services, double threshold) {
    double truePositive = 0;
    double falsePositive = 0;
    double falseNegative = 0;
    for (Service service : services) {
      for (Span segment : service.segments) {
        if (inTime(service, segment, threshold)) {
          truePositive += segment.rows();
        } else {
          falseNegative += segment.rows();
        }
      }
      for (int i = service.from; i < service.scores.length; i++) {
        falsePositive += service.scores[i] >= threshold && !service.anomalous(i) ? 1 : 0;
      }
    }
    return truePositive == 0
        ? 0
        : 2 * truePositive / (2 * truePositive + falsePositive + falseNegative);
  }

  private static double falseEventsADay(List<Service> services, double threshold) {
    double events = 0;
    double days = 0;
    for (Service service : services) {
      int last = Integer.MIN_VALUE / 2;
      for (int i = service.from; i < service.scores.length; i++) {
        if (service.scores[i] >= threshold && !service.anomalous(i)) {
          events += i - last > GAP + 1 ? 1 : 0;
          last = i;
        }
      }
      days += (service.scores.length - service.from) / service.rowsPerDay;
    }
    return days == 0 ? 0 : events / days;
  }
}
