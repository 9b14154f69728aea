package dev.watchtower.analysis.report;

import dev.watchtower.analysis.evidence.Facts;
import dev.watchtower.analysis.ranking.Suspect;
import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.AnalysisView.Risk;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** What the catalog knows of the services: how important they are and where their runbooks are. */
public record Surroundings(Catalog catalog) {
  /** The runbook of a service. */
  Optional<String> runbook(String service) {
    return catalog.service(service).map(Catalog.Service::runbook);
  }

  /** The incident's severity, raised when the trouble reaches a service of the first tier. */
  Risk risk(List<Suspect> suspects, Facts facts) {
    var incident = facts.incident();
    var cause = suspects.isEmpty() ? incident.service() : suspects.getFirst().service();
    var reached = new LinkedHashSet<String>();
    reached.add(cause);
    reached.add(incident.service());
    reached.addAll(facts.graph().above(cause));
    var first =
        reached.stream()
            .filter(s -> catalog.service(s).map(c -> c.tier() == 1).orElse(false))
            .toList();
    var level = RiskLevel.of(incident.severity());
    boolean beyond = first.stream().anyMatch(s -> !s.equals(incident.service()));
    if (beyond && level.compareTo(RiskLevel.HIGH) < 0) {
      level = level.raised();
    }
    var why =
        "The incident is %s.%s%s"
            .formatted(
                incident.severity(),
                reached.size() == 1
                    ? " Nothing known calls " + cause + "."
                    : " "
                        + (reached.size() - 1)
                        + " more of the services depend on "
                        + cause
                        + " or are affected.",
                first.isEmpty() ? "" : " Of the first tier: " + String.join(", ", first) + ".");
    return new Risk(level.name(), List.copyOf(reached), why);
  }
}
