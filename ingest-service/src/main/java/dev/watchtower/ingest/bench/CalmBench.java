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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How often anomaly rules speak for nothing: simulated services under calm traffic for some days,
 * through the same watch, rules and detector as live. The same once more with incidents of ten
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

  /** What is wrong with the services, ten minutes every six hours. */
  enum Incidents {
    NONE("calm services", 0, 1),
    ONE("one service at a time: 10 % of requests fail, all take three times as long", 0.1, 3),
    WEAK("all services at once: requests take a fifth longer", 0, 1.2),
    WEAK_ALONE("the same, each service in an environment of its own", 0, 1.2);

    private final String words;
    private final double failing;
    private final double slower;

    Incidents(String words, double failing, double slower) {
      this.words = words;
      this.failing = failing;
      this.slower = slower;
    }

    /** When those of a service begin, in seconds after the multiples of six hours. */
    int offset(int service, int services) {
      return (EVERY / 2 + (this == ONE ? service * (EVERY / services) : 0)) % EVERY;
    }

    boolean isNow(int second, int offset) {
      return this != NONE && second >= DAY && Math.floorMod(second - offset, EVERY) < LASTS;
    }
  }

  /**
   * What a rule told.
   *
   * @param alarms outside of incidents
   * @param found incidents
   */
  record Result(String rule, int alarms, int found, int incidents, double meanDelay, double days) {
    String line(Incidents kind) {
      return kind == Incidents.NONE
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
    for (Incidents kind : Incidents.values()) {
      out.println(kind.words);
      for (Result result : results(SERVICES, days, kind)) {
        out.println("  " + result.line(kind));
      }
    }
  }

  static List<Result> results(int services, int days, Incidents kind) {
    List<Catalog.Rule> rules =
        List.of(
            rule("service", null, 0.6, 0),
            rule("service, at-least 0.7", null, 0.7, 0),
            rule("service, for 1m", null, 0.6, 60),
            rule("service, for 5m", null, 0.6, 300),
            rule("error_rate alone", "error_rate", 0.6, 0),
            rule("latency_p95 alone", "latency_p95", 0.6, 0));
    List<List<List<Long>>> fired = play(services, days, kind, rules);
    List<Result> results = new ArrayList<>();
    for (int r = 0; r < rules.size(); r++) {
      Count count = new Count();
      for (int s = 0; s < services; s++) {
        count.add(fired.get(s).get(r), kind, kind.offset(s, services), days);
      }
      results.add(
          new Result(
              rules.get(r).name(),
              count.alarms,
              count.found,
              count.incidents,
              count.found == 0 ? 0 : count.delay / count.found,
              services * (days - 1.0)));
    }
    return results;
  }

  private static final class Count {
    private int alarms;
    private int found;
    private int incidents;
    private double delay;

    void add(List<Long> fired, Incidents kind, int offset, int days) {
      for (int at = DAY + offset; kind != Incidents.NONE && at + LASTS < days * DAY; at += EVERY) {
        incidents++;
      }
      long last = -1;
      for (long at : fired) {
        if (at < DAY) {
          continue;
        }
        long since = Math.floorMod(at - offset, EVERY);
        long incident = Math.floorDiv(at - offset, EVERY);
        if (kind != Incidents.NONE && since < LASTS + SETTLES) {
          if (incident != last && since <= LASTS) {
            found++;
            delay += since;
          }
          last = incident;
        } else {
          alarms++;
        }
      }
    }
  }

  /** When each rule told of each service, in seconds. */
  private static List<List<List<Long>>> play(
      int services, int days, Incidents kind, List<Catalog.Rule> rules) {
    List<List<List<Long>>> fired = new ArrayList<>();
    List<SimulatedShop> shops = new ArrayList<>();
    List<ServiceKey> keys = new ArrayList<>();
    for (int s = 0; s < services; s++) {
      shops.add(new SimulatedShop(s));
      keys.add(new ServiceKey("service" + s, kind == Incidents.WEAK_ALONE ? "env" + s : "prod"));
      fired.add(Stream.<List<Long>>generate(ArrayList::new).limit(rules.size()).toList());
    }
    RuleBook book = new RuleBook(rules);
    Detector detector = new Detector(book);
    FindingBox box = new FindingBox();
    AnomalyWatch watch = new AnomalyWatch((_, _, _, _, _) -> List.of(), box);
    watch.follow(book.onAnomalies());
    for (int second = 0; second < days * DAY; second += STEP) {
      for (int s = 0; s < services; s++) {
        boolean bad = kind.isNow(second, kind.offset(s, services));
        Map<String, @Nullable Double> values =
            shops.get(s).next(second, WINDOW, bad ? kind.failing : 0, bad ? kind.slower : 1);
        watch.observe(
            new SignalSnapshot(
                keys.get(s), START + second * 1_000L, WINDOW * 1_000L, values, Map.of()));
        watch.learnNext();
        for (var found = box.poll(); found != null; found = box.poll()) {
          for (Detected one : detector.onFindings(found.rule(), found.findings())) {
            if (one.signal().status() == SignalStatus.FIRING) {
              fired.get(s).get(rules.indexOf(found.rule())).add((long) second);
            }
          }
        }
      }
    }
    return fired;
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
