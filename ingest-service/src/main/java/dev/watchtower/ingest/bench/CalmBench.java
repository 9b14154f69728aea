package dev.watchtower.ingest.bench;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often anomaly rules speak for nothing: simulated services under calm traffic for some days,
 * through the same watch, rules and detector as live. The same once more with an incident of ten
 * minutes every six hours tells how many of those are found, and how soon. The first day is left
 * out: that is how long a new service is learnt.
 */
final class CalmBench {
  private static final int STEP = 5;
  private static final int WINDOW = 10;
  private static final int SERVICES = 6;
  private static final int DAY = 86_400;
  private static final int EVERY = 21_600;
  private static final int LASTS = 600;
  private static final int SETTLES = 600;
  private static final long START = 1_760_054_400_000L;
  private static final double FAILING = 0.1;
  private static final double SLOWER = 3;

  /**
   * What a rule told.
   *
   * @param alarms outside of incidents
   * @param found incidents
   */
  record Result(String rule, int alarms, int found, int incidents, double meanDelay, double days) {
    String line(boolean calm) {
      return calm
          ? String.format(
              Locale.ROOT,
              "%-28s %4d alarms in %.0f calm service days, %.3f a day",
              rule,
              alarms,
              days,
              alarms / days)
          : String.format(
              Locale.ROOT,
              "%-28s %4d of %d incidents found, after %.0f s on average, %d other alarms",
              rule,
              found,
              incidents,
              meanDelay,
              alarms);
    }
  }

  private CalmBench() {}

  /** Prints the false alarms of {@code days} calm days, and what is found of incidents. */
  static void run(int days, PrintStream out) {
    out.println("simulated services, " + SERVICES + " of " + days + " days:");
    for (boolean calm : List.of(true, false)) {
      for (Result result : results(SERVICES, days, calm)) {
        out.println(result.line(calm));
      }
    }
  }

  static List<Result> results(int services, int days, boolean calm) {
    List<Catalog.Rule> rules =
        List.of(
            rule("service", null, 0.6, 0),
            rule("service, at-least 0.7", null, 0.7, 0),
            rule("service, for 1m", null, 0.6, 60),
            rule("service, for 5m", null, 0.6, 300),
            rule("error_rate alone", "error_rate", 0.6, 0),
            rule("latency_p95 alone", "latency_p95", 0.6, 0));
    List<List<Long>> fired = new ArrayList<>();
    rules.forEach(_ -> fired.add(new ArrayList<>()));
    int[] found = new int[rules.size()];
    int[] alarms = new int[rules.size()];
    double[] delay = new double[rules.size()];
    int incidents = 0;
    for (int s = 0; s < services; s++) {
      fired.forEach(List::clear);
      play(s, days, calm, rules, fired);
      for (int at = DAY + EVERY / 2; !calm && at + LASTS < days * DAY; at += EVERY) {
        incidents++;
      }
      for (int r = 0; r < rules.size(); r++) {
        count(fired.get(r), calm, r, found, alarms, delay);
      }
    }
    List<Result> results = new ArrayList<>();
    for (int r = 0; r < rules.size(); r++) {
      results.add(
          new Result(
              rules.get(r).name(),
              alarms[r],
              found[r],
              incidents,
              found[r] == 0 ? 0 : delay[r] / found[r],
              services * (days - 1.0)));
    }
    return results;
  }

  private static void count(
      List<Long> fired, boolean calm, int rule, int[] found, int[] alarms, double[] delay) {
    long last = -1;
    for (long at : fired) {
      if (at < DAY) {
        continue;
      }
      long since = Math.floorMod(at - EVERY / 2, EVERY);
      long incident = (at - EVERY / 2) / EVERY;
      if (!calm && since < LASTS + SETTLES) {
        if (incident != last && since <= LASTS) {
          found[rule]++;
          delay[rule] += since;
        }
        last = incident;
      } else {
        alarms[rule]++;
      }
    }
  }

  private static void play(
      long seed, int days, boolean calm, List<Catalog.Rule> rules, List<List<Long>> fired) {
    SimulatedShop shop = new SimulatedShop(seed);
    ServiceKey key = new ServiceKey("service" + seed, "prod");
    RuleBook book = new RuleBook(rules);
    Detector detector = new Detector(book);
    FindingBox box = new FindingBox();
    AnomalyWatch watch = new AnomalyWatch((_, _, _, _, _) -> List.of(), box);
    watch.follow(book.onAnomalies());
    for (int second = 0; second < days * DAY; second += STEP) {
      boolean bad = !calm && second >= DAY && Math.floorMod(second - EVERY / 2, EVERY) < LASTS;
      Map<String, @Nullable Double> values =
          shop.next(second, WINDOW, bad ? FAILING : 0, bad ? SLOWER : 1);
      watch.observe(
          new SignalSnapshot(key, START + second * 1_000L, WINDOW * 1_000L, values, Map.of()));
      watch.learnNext();
      for (var found = box.poll(); found != null; found = box.poll()) {
        for (Detected one : detector.onFindings(found.rule(), found.findings())) {
          if (one.signal().status() == SignalStatus.FIRING) {
            fired.get(rules.indexOf(found.rule())).add((long) second);
          }
        }
      }
    }
  }

  private static Catalog.Rule rule(
      String name, @Nullable String signal, double least, int holdFor) {
    return new Catalog.Rule(
        name,
        SignalKind.ANOMALY,
        signal,
        null,
        ">=",
        least,
        Duration.ofSeconds(holdFor),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Severity.SEV4,
        List.of("*"),
        List.of("*"),
        0,
        null,
        null);
  }
}
