package dev.watchtower.common.catalog;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.util.List;

/**
 * {@code watchtower.incidents}: how signals become incidents and how those end.
 *
 * @param severityRules tried in order for each signal; the first that matches says how bad it is
 * @param alertmanagerGroupInterval so much later than the other one of two replicas of Alertmanager
 *     may tell what it has to
 */
public record IncidentRules(
    Duration autoResolveAfter,
    Duration recurrenceWindow,
    boolean autoResolve,
    boolean correlate,
    Duration correlationWindow,
    boolean inhibit,
    List<SeverityRule> severityRules,
    Flap flap,
    Duration alertmanagerGroupInterval) {
  public IncidentRules {
    severityRules = List.copyOf(severityRules);
  }

  /**
   * How bad some signals are, whatever their own rule says; empty lists match everything.
   *
   * @param tiers tiers of the signal's service, 1 to 4; services that the catalog does not know
   *     match no tier
   */
  public record SeverityRule(
      List<Integer> tiers,
      List<String> services,
      List<String> environments,
      List<SignalKind> signals,
      Severity severity) {
    public SeverityRule {
      tiers = List.copyOf(tiers);
      services = List.copyOf(services);
      environments = List.copyOf(environments);
      signals = List.copyOf(signals);
    }
  }

  /**
   * When a signal counts as flapping.
   *
   * @param changes how often it fires or clears in one incident, at least 3; 0 for never
   * @param within the time in which it does
   * @param calm how long it must keep still before it counts as calm again
   */
  public record Flap(int changes, Duration within, Duration calm) {}
}
