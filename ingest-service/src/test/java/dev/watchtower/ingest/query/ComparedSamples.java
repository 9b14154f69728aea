package dev.watchtower.ingest.query;

import java.util.List;
import java.util.Random;

/** The samples that both sides of a comparison have, always the same. */
final class ComparedSamples {
  static final long START = 1_700_000_000;
  static final int SECONDS = 1_800;
  private static final long SEED = 20_260_101;

  private ComparedSamples() {}

  /** The samples in OpenMetrics text; the same go into our store. */
  static String write(HandMadeStore store) {
    Random random = new Random(SEED);
    StringBuilder text = new StringBuilder();
    for (String job : List.of("a", "b")) {
      for (int inst = 1; inst <= 3; inst++) {
        String labels = "{job=\"" + job + "\",inst=\"" + inst + "\"}";
        double counter = 100_000;
        double gauge = 50;
        for (int t = random.nextInt(5); t < SECONDS; t += 5) {
          gauge = 50 + (gauge - 50) * 0.9 + random.nextGaussian() * 6;
          add(store, text, "gauge" + labels, t, random, gauge);
          counter = random.nextInt(60) == 0 ? 50_000 : counter + random.nextInt(100);
          if (random.nextInt(10) > 0) {
            add(store, text, "counter" + labels, t, random, counter);
          }
          if (t % 100 < 15) {
            add(store, text, "sparse" + labels, t, random, counter);
          }
        }
        long[] counts = {100_000, 200_000, 300_000, 400_000};
        String[] bounds = {"0.1", "0.5", "2.5", "+Inf"};
        for (int t = random.nextInt(10); t < SECONDS; t += 10) {
          int add = random.nextInt(50);
          for (int b = 0; b < bounds.length; b++) {
            counts[b] += add;
            add += random.nextInt(20);
            add(
                store,
                text,
                "hist_bucket{job=\"%s\",inst=\"%d\",le=\"%s\"}".formatted(job, inst, bounds[b]),
                t,
                null,
                counts[b]);
          }
        }
      }
      for (int t = 1; t < SECONDS; t += 30) {
        add(store, text, "info{job=\"" + job + "\",team=\"t" + job + "\"}", t, random, 2);
      }
    }
    // On whole times, so that they lie on the borders of ranges; promtool wants the names together.
    for (int t = 0; t < SECONDS; t += 30) {
      exact(store, text, t, t * 7 % 110);
    }
    return text.append("# EOF\n").toString();
  }

  private static void exact(HandMadeStore store, StringBuilder text, int second, double value) {
    store.add(store.series("exact"), (START + second) * 1000, value);
    text.append("exact ").append(value).append(' ').append(START + second).append('\n');
  }

  private static void add(
      HandMadeStore store,
      StringBuilder text,
      String series,
      int second,
      Random jitter,
      double value) {
    long millis = (START + second) * 1000 + 7 + (jitter == null ? 0 : jitter.nextInt(900));
    store.add(store.series(series), millis, value);
    text.append(series)
        .append(' ')
        .append(value)
        .append(' ')
        .append(java.math.BigDecimal.valueOf(millis, 3).toPlainString())
        .append('\n');
  }
}
