package dev.watchtower.common.catalog;

import dev.watchtower.common.catalog.IncidentRules.Flap;
import dev.watchtower.common.catalog.IncidentRules.SeverityRule;
import dev.watchtower.common.catalog.Section.NameSpace;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.util.List;

/** Reads {@code watchtower.incidents}. */
final class IncidentRulesSection {
  private IncidentRulesSection() {}

  static IncidentRules incidents(Section s) {
    return new IncidentRules(
        s.orElse(
            "auto-resolve-after",
            Kind.duration(Duration.ofSeconds(1), Duration.ofDays(30)),
            Duration.ofMinutes(15)),
        s.orElse(
            "recurrence-window",
            Kind.duration(Duration.ZERO, Duration.ofDays(365)),
            Duration.ofHours(24)),
        s.orElse("auto-resolve", Kind.FLAG, true),
        s.orElse("correlate", Kind.FLAG, true),
        s.orElse(
            "correlation-window",
            Kind.duration(Duration.ofSeconds(1), Duration.ofHours(6)),
            Duration.ofMinutes(2)),
        s.orElse("inhibit", Kind.FLAG, true),
        s.sections("severity-rules", IncidentRulesSection::severityRule),
        s.section("flap", IncidentRulesSection::flap),
        s.orElse(
            "alertmanager-group-interval",
            Kind.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            Duration.ofMinutes(5)));
  }

  private static SeverityRule severityRule(Section s) {
    return new SeverityRule(
        s.list("tiers", Kind.whole(1, 4), List.of()),
        s.referAll("services", NameSpace.SERVICE, List.of()),
        s.referAll("environments", NameSpace.ENVIRONMENT, List.of()),
        s.list("signals", CatalogSections.words(SignalKind.values(), Kind::word), List.of()),
        s.required("severity", CatalogSections.SEVERITY));
  }

  private static Flap flap(Section s) {
    int changes = s.orElse("changes", Kind.whole(0, 100), 8);
    if (changes == 1 || changes == 2) {
      s.fault("changes", "expected at least 3, or 0 to switch it off: two are an ordinary alert");
    }
    return new Flap(
        changes,
        s.orElse(
            "within",
            Kind.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
            Duration.ofMinutes(10)),
        s.orElse(
            "calm",
            Kind.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            Duration.ofMinutes(5)));
  }
}
