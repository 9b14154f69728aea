package dev.watchtower.incident.signals;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.IncidentRules.SeverityRule;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;

/** Says how bad a signal is here, by the catalog's severity rules. Pure. */
public final class SeverityPolicy {
  private SeverityPolicy() {}

  /** The severity of the first rule that matches; what the signal itself says where none does. */
  public static Severity of(Signal signal, Catalog catalog) {
    return catalog.incidents().severityRules().stream()
        .filter(rule -> matches(rule, signal, catalog))
        .map(SeverityRule::severity)
        .findFirst()
        .orElse(signal.severity());
  }

  /** The signal as bad as it is here. */
  public static Signal graded(Signal signal, Catalog catalog) {
    var severity = of(signal, catalog);
    return severity == signal.severity()
        ? signal
        : new Signal(
            signal.id(),
            signal.fingerprint(),
            signal.kind(),
            signal.status(),
            signal.rule(),
            signal.service(),
            signal.env(),
            severity,
            signal.summary(),
            signal.at(),
            signal.evidence(),
            signal.deliverBy());
  }

  private static boolean matches(SeverityRule rule, Signal signal, Catalog catalog) {
    return (rule.services().isEmpty() || rule.services().contains(signal.service()))
        && (rule.environments().isEmpty() || rule.environments().contains(signal.env()))
        && (rule.signals().isEmpty() || rule.signals().contains(signal.kind()))
        && (rule.tiers().isEmpty()
            || catalog
                .service(signal.service())
                .filter(service -> rule.tiers().contains(service.tier()))
                .isPresent());
  }
}
