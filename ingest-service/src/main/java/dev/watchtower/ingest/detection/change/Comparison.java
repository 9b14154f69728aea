package dev.watchtower.ingest.detection.change;

import dev.watchtower.ingest.golden.GoldenSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares golden signals of two windows. A signal has changed when its median moved by more than
 * three robust standard deviations of the window before, by a share of what it was, and by an
 * amount that matters to people; all three, so that neither noise nor trifles count. Pure.
 */
public final class Comparison {
  /** Points of a signal that each window needs: a minute in steps of 10 s. */
  public static final int LEAST_POINTS = 6;

  private static final double DEVIATIONS = 3;

  /**
   * What counts as a change of a signal.
   *
   * @param share of the median before
   * @param amount in the signal's own unit
   * @param higherIsWorse traffic is the one of which less is worse
   */
  private record Weight(double share, double amount, boolean higherIsWorse) {}

  private static final Weight LATENCY = new Weight(0.2, 0.01, true);
  private static final Weight SATURATION = new Weight(0.25, 0.15, true);
  private static final Map<String, Weight> WEIGHTS =
      Map.of(
          "error_rate", new Weight(0.5, 0.01, true),
          "latency_p50", LATENCY,
          "latency_p95", LATENCY,
          "latency_p99", LATENCY,
          "traffic", new Weight(0.5, 0.1, false),
          "cpu", SATURATION,
          "memory", SATURATION);
  private static final List<String> ORDER =
      List.of(
          "error_rate", "latency_p95", "latency_p99", "latency_p50", "traffic", "cpu", "memory");

  private Comparison() {}

  /**
   * The verdict on each signal.
   *
   * @param minTraffic requests a second below which errors and latencies prove nothing
   */
  public static List<SignalVerdict> compare(
      List<GoldenSignals.Point> before, List<GoldenSignals.Point> after, double minTraffic) {
    boolean quiet = spread("traffic", after).median() < minTraffic;
    List<SignalVerdict> verdicts = new ArrayList<>();
    for (String signal : ORDER) {
      Weight weight = Objects.requireNonNull(WEIGHTS.get(signal));
      Spread was = spread(signal, before);
      Spread is = spread(signal, after);
      boolean ofRequests = signal.startsWith("latency") || signal.equals("error_rate");
      verdicts.add(judge(signal, weight, was, is, quiet && ofRequests));
    }
    return verdicts;
  }

  /** The verdict on all: worse if anything is, better if something is and nothing is worse. */
  public static Verdict overall(List<SignalVerdict> signals) {
    if (signals.stream().anyMatch(s -> s.verdict() == Verdict.WORSE)) {
      return Verdict.WORSE;
    }
    if (signals.stream().anyMatch(s -> s.verdict() == Verdict.BETTER)) {
      return Verdict.BETTER;
    }
    return signals.stream().allMatch(s -> s.verdict() == Verdict.UNKNOWN)
        ? Verdict.UNKNOWN
        : Verdict.SAME;
  }

  private static Spread spread(String signal, List<GoldenSignals.Point> points) {
    return Spread.of(
        points.stream()
            .map(p -> p.signals().get(signal))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .toArray());
  }

  private static SignalVerdict judge(
      String signal, Weight weight, Spread before, Spread after, boolean quiet) {
    double moved = after.median() - before.median();
    Double change = before.median() == 0 ? null : (Double) (moved / before.median());
    if (before.points() < LEAST_POINTS || after.points() < LEAST_POINTS) {
      String why =
          "%d points before, %d after; %d of each are needed"
              .formatted(before.points(), after.points(), LEAST_POINTS);
      return new SignalVerdict(signal, Verdict.UNKNOWN, before, after, change, why);
    }
    if (quiet) {
      return new SignalVerdict(
          signal, Verdict.UNKNOWN, before, after, change, "too few requests to tell");
    }
    boolean changed =
        Math.abs(moved) >= weight.amount()
            && Math.abs(moved) >= weight.share() * Math.abs(before.median())
            && Math.abs(moved) > DEVIATIONS * before.deviation();
    boolean worse = weight.higherIsWorse() == moved > 0;
    // More traffic is neither good nor bad.
    Verdict verdict =
        !changed || (!weight.higherIsWorse() && !worse)
            ? Verdict.SAME
            : worse ? Verdict.WORSE : Verdict.BETTER;
    return new SignalVerdict(signal, verdict, before, after, change, why(before, after, change));
  }

  private static String why(Spread before, Spread after, @Nullable Double change) {
    return String.format(
        Locale.ROOT,
        "median %.4g before, %.4g after%s; usually within %.4g",
        before.median(),
        after.median(),
        change == null ? "" : String.format(Locale.ROOT, " (%+.0f %%)", change * 100),
        DEVIATIONS * before.deviation());
  }
}
