package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.query.Expressions;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The sentence of a signal. */
final class Words {

  private Words() {}

  static String fired(Catalog.Rule rule, ServiceKey key, String what, double value) {
    String limit =
        rule.threshold() == null
            ? ""
            : ", limit " + rule.comparison() + " " + number(what, rule.threshold());
    return fired(rule, key, what, value, limit);
  }

  static String fired(RuleBook.ExpressionRule rule, ServiceKey key, String what, double value) {
    String limit = Expressions.limitText(rule.expr());
    return fired(rule.rule(), key, what, value, limit == null ? "" : ", limit " + limit);
  }

  private static String fired(
      Catalog.Rule rule, ServiceKey key, String what, double value, String limit) {
    return cut(lead(rule) + ": " + what + " of " + key + " is " + number(what, value) + limit);
  }

  static String cleared(Catalog.Rule rule, ServiceKey key, String what, @Nullable Double value) {
    String now = value == null ? " is no longer breached" : " is back at " + number(what, value);
    return cut("Over: " + lead(rule) + ": " + what + " of " + key + now);
  }

  static String silent(Catalog.Rule rule, ServiceKey key, Duration silence) {
    return cut(lead(rule) + ": no sample from " + key + " for " + silence.toSeconds() + " s");
  }

  static String heardAgain(Catalog.Rule rule, ServiceKey key) {
    return cut("Over: " + lead(rule) + ": samples of " + key + " arrive again");
  }

  static String gone(String rule, ServiceKey key, String why) {
    return cut("Over: " + rule + " on " + key + ": " + why);
  }

  private static String lead(Catalog.Rule rule) {
    return rule.summary() == null ? rule.name() : rule.summary();
  }

  private static String number(String what, double value) {
    return switch (what) {
      case "error_rate", "cpu", "memory" -> String.format(Locale.ROOT, "%.1f %%", value * 100);
      case "latency_p50", "latency_p95", "latency_p99" ->
          String.format(Locale.ROOT, "%.3f s", value);
      case "traffic" -> String.format(Locale.ROOT, "%.2f requests/s", value);
      default -> String.format(Locale.ROOT, "%.4g", value);
    };
  }

  private static String cut(String text) {
    return SignalBounds.cut(text, SignalBounds.SUMMARY);
  }
}
