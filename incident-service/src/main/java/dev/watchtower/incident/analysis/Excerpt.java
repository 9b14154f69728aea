package dev.watchtower.incident.analysis;

import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import java.util.List;

/**
 * What an analysis is given of an incident. An incident gathers signals without a limit, each of up
 * to a quarter of a megabyte; what is sent has to fit through analysis-service's door (500 signals,
 * 1 MB), which refuses the rest for good. Pure; thread-safe.
 */
public final class Excerpt {
  /** More than an analysis shows, so few that they fit however long their texts are. */
  static final int MOST_SIGNALS = 100;

  private Excerpt() {}

  /**
   * The incident with at most a hundred signals: what fires before what has cleared, and of those
   * the first to fire, since they tell when it began. Of the evidence the numbers are left: the
   * analysis asks ingest-service for the rest.
   */
  public static IncidentView of(IncidentView incident) {
    return incident.withSignals(
        fewest(incident.signals()).stream().map(s -> s.inBrief(s.summary(), _ -> "")).toList());
  }

  private static List<IncidentSignal> fewest(List<IncidentSignal> signals) {
    return signals.size() <= MOST_SIGNALS
        ? signals
        : signals.stream().sorted(IncidentSignal.FIRST_THAT_FIRES).limit(MOST_SIGNALS).toList();
  }
}
