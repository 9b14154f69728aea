package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;

/** How a value compares with the limit of a rule. */
final class Limits {
  private Limits() {}

  /**
   * Whether the value is a breach.
   *
   * @param firing whether the rule fires: then the limit that clears it counts, where it has one
   */
  static boolean breaches(Catalog.Rule rule, double value, boolean firing) {
    Double limit = rule.threshold();
    String comparison = rule.comparison();
    if (limit == null || comparison == null) {
      return false;
    }
    boolean upper = comparison.startsWith(">");
    Double clearAt = rule.clearAt();
    if (firing && clearAt != null) {
      return upper ? value >= clearAt : value <= clearAt;
    }
    return switch (comparison) {
      case ">" -> value > limit;
      case ">=" -> value >= limit;
      case "<" -> value < limit;
      case "<=" -> value <= limit;
      default -> false;
    };
  }
}
