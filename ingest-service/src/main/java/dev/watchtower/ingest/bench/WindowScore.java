package dev.watchtower.ingest.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The rule of the Numenta Anomaly Benchmark (Ahmad, Lavin, Purdy, Agha 2017): early alarms inside a
 * labelled window earn up to 1, a missed window costs, every flagged row outside costs; 0 is a
 * detector that says nothing, 100 one that is perfect.
 */
final class WindowScore {
  /**
   * What alarms are worth.
   *
   * @param missed the cost of a missed window
   * @param falseAlarm the cost of a flagged row outside of windows
   */
  enum Profile {
    STANDARD("standard", 1, 0.11),
    REWARD_LOW_FP("reward_low_FP_rate", 1, 0.22),
    REWARD_LOW_FN("reward_low_FN_rate", 2, 0.11);

    private final String label;
    private final double missed;
    private final double falseAlarm;

    Profile(String label, double missed, double falseAlarm) {
      this.label = label;
      this.missed = missed;
      this.falseAlarm = falseAlarm;
    }

    String label() {
      return label;
    }
  }

  /**
   * A file's scores and labels.
   *
   * @param scores by row
   * @param windows first and last row of each labelled window, in order
   */
  record Scored(String file, double[] scores, List<Span> windows) {
    Scored {
      windows = List.copyOf(windows);
    }
  }

  /** Rows, both ends inclusive. */
  record Span(int first, int last) {
    int rows() {
      return last - first + 1;
    }

    boolean contains(int row) {
      return row >= first && row <= last;
    }
  }

  /** The outcome at one threshold. */
  record Result(double threshold, double raw, double score, int hits, int windows, int falseRows) {
    String line(String name) {
      return String.format(
          Locale.ROOT,
          "%-20s %6.2f  threshold %.4f  windows found %d of %d  false rows %d",
          name,
          score,
          threshold,
          hits,
          windows,
          falseRows);
    }
  }

  /** A flagged row: what it adds, or the window it finds. */
  private record Row(double score, int window, double value) {}

  private final Profile profile;
  private final List<Row> rows = new ArrayList<>();
  private int windows;
  private int findable;

  WindowScore(Profile profile, List<Scored> files) {
    this.profile = profile;
    files.forEach(this::take);
    rows.sort(Comparator.comparingDouble(Row::score).reversed());
  }

  /** The result at the threshold that does best. */
  Result best() {
    return sweep(Double.NaN);
  }

  /** The result when rows with at least this score are flagged. */
  Result at(double threshold) {
    return sweep(threshold);
  }

  private void take(Scored file) {
    int probation = Math.min((int) Math.floor(0.15 * file.scores.length), 750);
    int firstId = windows;
    for (Span window : file.windows) {
      windows++;
      findable += window.last >= probation ? 1 : 0;
    }
    int next = 0;
    for (int row = 0; row < file.scores.length; row++) {
      while (next < file.windows.size() && row > file.windows.get(next).last) {
        next++;
      }
      if (row < probation) {
        continue;
      }
      if (next < file.windows.size() && file.windows.get(next).contains(row)) {
        Span window = file.windows.get(next);
        double y = -(window.last - row + 1.0) / window.rows();
        rows.add(new Row(file.scores[row], firstId + next, sigma(y) / sigma(-1)));
      } else {
        double lost = -profile.falseAlarm;
        if (next > 0) {
          Span window = file.windows.get(next - 1);
          double y = Math.abs(window.last - row) / (window.rows() - 1.0);
          lost = profile.falseAlarm * sigma(y);
        }
        rows.add(new Row(file.scores[row], -1, lost));
      }
    }
  }

  private Result sweep(double threshold) {
    double[] found = new double[windows];
    Arrays.fill(found, Double.NEGATIVE_INFINITY);
    double raw = -profile.missed * findable;
    int hits = 0;
    int falseRows = 0;
    Result best = result(Double.POSITIVE_INFINITY, raw, 0, 0);
    int i = 0;
    while (i < rows.size() && !(rows.get(i).score < threshold)) {
      double score = rows.get(i).score;
      for (; i < rows.size() && rows.get(i).score == score; i++) {
        Row row = rows.get(i);
        if (row.window < 0) {
          raw += row.value;
          falseRows++;
        } else if (found[row.window] == Double.NEGATIVE_INFINITY) {
          raw += row.value + profile.missed;
          found[row.window] = row.value;
          hits++;
        } else if (row.value > found[row.window]) {
          raw += row.value - found[row.window];
          found[row.window] = row.value;
        }
      }
      if (raw > best.raw) {
        best = result(score, raw, hits, falseRows);
      }
    }
    return Double.isNaN(threshold) ? best : result(threshold, raw, hits, falseRows);
  }

  private Result result(double threshold, double raw, int hits, int falseRows) {
    double nothing = -profile.missed * windows;
    double score = windows == 0 ? 0 : 100 * (raw - nothing) / (windows - nothing);
    return new Result(threshold, raw, score, hits, windows, falseRows);
  }

  private static double sigma(double y) {
    return y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1;
  }
}
