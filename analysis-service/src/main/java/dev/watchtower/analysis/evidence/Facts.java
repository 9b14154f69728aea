package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.analysis.ranking.Window;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView;
import java.util.List;

/**
 * What was found out about an incident.
 *
 * @param services the incident's service and everything that calls it or is called by it
 * @param graph the calls among them
 * @param deviations the most telling first
 * @param past what was over before the incident showed: worth knowing, never a suspect's
 * @param hints deviations too small to be evidence, which only part equal suspects
 * @param signals what fires on these services
 * @param changes what was changed shortly before or since, the latest first
 * @param missing what could not be looked at, each a sentence
 */
public record Facts(
    IncidentView incident,
    Window window,
    List<String> services,
    CallGraph graph,
    List<Deviation> deviations,
    List<Episode> past,
    List<Deviation> hints,
    List<IncidentView.IncidentSignal> signals,
    List<ChangeEvent> changes,
    List<String> missing) {
  public Facts {
    services = List.copyOf(services);
    deviations = List.copyOf(deviations);
    past = List.copyOf(past);
    hints = List.copyOf(hints);
    signals = List.copyOf(signals);
    changes = List.copyOf(changes);
    missing = List.copyOf(missing);
  }

  /**
   * Whether they say so little that looking again a little later is worth it: the trouble has not
   * shown on any other service yet.
   */
  public boolean isThin() {
    return deviations.stream().allMatch(d -> d.service().equals(incident.service()));
  }
}
