package dev.watchtower.ingest.detection.slo;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.ingest.detection.Finding;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a burn-rate rule sees in a reading. Pure. */
public final class BurnRateRules {

  private static final Duration LEAST_SETTLING = Duration.ofMinutes(5);

  private BurnRateRules() {}

  /** The findings of a rule where nothing was missed; see the other. */
  public static List<Finding> findings(Catalog.Rule rule, SloReading reading, String expression) {
    return findings(rule, reading, expression, OwnGaps.NONE);
  }

  /**
   * The findings of a rule, the fastest tier first, so that it holds back the slower ones.
   *
   * @param expression what is counted
   * @param gaps when nobody could be heard
   */
  public static List<Finding> findings(
      Catalog.Rule rule, SloReading reading, String expression, OwnGaps gaps) {
    List<Finding> findings = new ArrayList<>();
    Catalog.Rule.BurnRate options = rule.burnRate();
    if (options == null) {
      return findings;
    }
    Slo slo = reading.slo();
    for (SloReading.Burn burn : reading.burns()) {
      BurnTier tier = burn.tier();
      Double rate = reading.burnRate(burn.longCounts());
      Double recent = reading.burnRate(burn.shortCounts());
      Observation seen = observe(rule, reading, burn, gaps);
      // Of two windows that both must burn, the one that does not is why it is over.
      boolean shortOnly =
          rate != null && rate > tier.factor() && recent != null && recent <= tier.factor();
      Duration window = shortOnly ? tier.shortWindow() : tier.longWindow();
      SignalEvidence evidence =
          new SignalEvidence(
              evidence(burn, expression),
              shortOnly ? recent : rate,
              tier.factor(),
              Instant.ofEpochMilli(reading.at() - window.toMillis()),
              Instant.ofEpochMilli(reading.at()),
              Map.of(RuleBook.SLO, slo.name(), RuleBook.TIER, tier.name()));
      findings.add(
          new Finding(
              new ServiceKey(slo.service(), slo.env()),
              Labels.of(RuleBook.SLO, slo.name(), RuleBook.TIER, tier.name()),
              seen,
              tier.page() ? rule.severity() : options.ticketSeverity(),
              summary(rule, reading, tier, rate, seen),
              evidence,
              reading.at()));
    }
    return findings;
  }

  private static Observation observe(
      Catalog.Rule rule, SloReading reading, SloReading.Burn burn, OwnGaps gaps) {
    Double slow = reading.burnRate(burn.longCounts());
    Double fast = reading.burnRate(burn.shortCounts());
    if (slow == null) {
      return gaps.hide(burn.tier().longWindow(), settling(burn.tier()))
          ? Observation.UNKNOWN
          : Observation.FINE;
    }
    if (fast == null) {
      // Silence is no proof of recovery; when the long window is empty too, it is over.
      return Observation.UNKNOWN;
    }
    double factor = burn.tier().factor();
    double seconds =
        Math.min(
                burn.shortMillis(),
                reading.at() - (reading.since() == null ? reading.at() : reading.since()))
            / 1000.0;
    double least =
        switch (reading.slo().indicator()) {
          case Slo.Events _ -> Math.max(rule.minTraffic(), reading.slo().minTraffic());
          // Looks are no traffic.
          case Slo.Time _ -> 0;
        };
    boolean enough = least <= 0 || burn.shortCounts().total() >= least * seconds;
    if (slow <= factor || fast <= factor || !reading.isReady(burn.tier())) {
      return Observation.FINE;
    }
    // What keeps it from beginning, as little traffic does, is no recovery.
    return enough && reading.mayBegin(burn.tier()) ? Observation.BREACH : Observation.UNKNOWN;
  }

  /** Until there are burn rates again. */
  private static Duration settling(BurnTier tier) {
    Duration shortest = tier.shortWindow();
    return shortest.compareTo(LEAST_SETTLING) > 0 ? shortest : LEAST_SETTLING;
  }

  private static String evidence(SloReading.Burn burn, String expression) {
    return "burn rate over %s and %s of %s; over %s: %s bad of %s, over %s: %s bad of %s"
        .formatted(
            burn.tier().name(),
            BurnTier.name(burn.tier().shortWindow()),
            expression,
            burn.tier().name(),
            number(burn.longCounts().bad()),
            number(burn.longCounts().total()),
            BurnTier.name(burn.tier().shortWindow()),
            number(burn.shortCounts().bad()),
            number(burn.shortCounts().total()));
  }

  private static String summary(
      Catalog.Rule rule,
      SloReading reading,
      BurnTier tier,
      @Nullable Double rate,
      Observation seen) {
    Slo slo = reading.slo();
    String lead = rule.summary() == null ? rule.name() : rule.summary();
    if (seen != Observation.BREACH || rate == null) {
      return cut(
          "Over: "
              + lead
              + ": "
              + slo.title()
              + " no longer burns its budget too fast (over "
              + tier.name()
              + ")");
    }
    Double left = reading.budgetLeft();
    Duration until = reading.exhaustedIn();
    return cut(
        "%s: %s burns its budget %s times too fast over %s (limit %s)%s%s"
            .formatted(
                lead,
                slo.title(),
                number(rate),
                tier.name(),
                number(tier.factor()),
                left == null ? "" : "; " + standing(left),
                until == null || left == null || left <= 0 ? "" : ", gone in " + roughly(until)));
  }

  private static String standing(double left) {
    return left < 0
        ? "overspent: %.0f %% of it used".formatted((1 - left) * 100)
        : "%.0f %% left".formatted(left * 100);
  }

  /** A duration as people say it: in its largest unit. */
  private static String roughly(Duration duration) {
    long minutes = Math.max(1, duration.toMinutes());
    return minutes < 120
        ? minutes + " min"
        : minutes < 48 * 60 ? minutes / 60 + " h" : minutes / 60 / 24 + " days";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }

  private static String cut(String text) {
    return SignalBounds.cut(text, SignalBounds.SUMMARY);
  }
}
