package dev.watchtower.ingest.bench;

import dev.watchtower.ingest.bench.GeneratedSeries.Kind;
import dev.watchtower.ingest.bench.GeneratedSeries.Series;
import dev.watchtower.ingest.bench.WindowScore.Profile;
import dev.watchtower.ingest.bench.WindowScore.Scored;
import dev.watchtower.ingest.detection.anomaly.Reading;
import dev.watchtower.ingest.detection.anomaly.SeriesDetector;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the production detector finds in made-up metrics, by kind of anomaly, as it alarms. Recorded
 * files are few, and whoever changes the detector looks at the same ones again and again; these
 * show whether a change helps elsewhere too.
 */
final class GeneratedBench {
  /** Seeds from here on are for this bench, so that nobody chooses on them by accident. */
  private static final long FIRST_SEED = 1_001;

  private static final int ALARMS_PER = 5_000;

  private GeneratedBench() {}

  /** Prints the score of so many series of each kind, and of all of them. */
  static void run(int count, PrintStream out) {
    out.println("generated series, " + count + " of each kind:");
    List<Scored> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<Scored> scored = scored(kind, count);
      all.addAll(scored);
      out.println(
          kind == Kind.NOTHING
              ? String.format(
                  Locale.ROOT, "%-20s %6.2f alarms in %,d values", kind, alarms(scored), ALARMS_PER)
              : standard(scored).line(kind.name()));
    }
    out.println(standard(all).line("all"));
  }

  /** So many series of a kind with the detector's scores. */
  static List<Scored> scored(Kind kind, int count) {
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Series series = GeneratedSeries.of(kind, FIRST_SEED + i);
      SeriesDetector detector = new SeriesDetector();
      double[] scores = new double[series.values().length];
      for (int row = 0; row < scores.length; row++) {
        scores[row] = detector.observe(series.millis()[row], series.values()[row]).score();
      }
      scored.add(new Scored(kind + "-" + i, scores, series.windows()));
    }
    return scored;
  }

  static WindowScore.Result standard(List<Scored> scored) {
    return new WindowScore(Profile.STANDARD, scored).at(Reading.ALARM);
  }

  /** Alarms in 5,000 values. */
  static double alarms(List<Scored> scored) {
    long alarms =
        scored.stream()
            .mapToLong(s -> Arrays.stream(s.scores()).filter(x -> x >= Reading.ALARM).count())
            .sum();
    long values = scored.stream().mapToLong(s -> s.scores().length).sum();
    return (double) alarms * ALARMS_PER / values;
  }
}
