package dev.watchtower.analysis.evidence;

import dev.watchtower.common.wire.ChangeEvent;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which change events an analysis may see. */
final class Changes {
  private static final String CHAOS = "dev.watchtower.chaos.";
  private static final int MOST = 20;

  private Changes() {}

  /**
   * The events that touch one of the services (or name none), without anything of a blind chaos
   * run, the latest first, at most twenty. ingest-service withholds blind runs already; a diagnosis
   * that could read the answer would be worth nothing, so it is checked here again.
   */
  static List<ChangeEvent> visible(List<ChangeEvent> all, Set<String> services) {
    var blindRuns = new HashSet<String>();
    for (var event : all) {
      if (event.type().startsWith(CHAOS) && isBlind(event)) {
        blindRuns.add(runOf(event));
      }
    }
    return all.stream()
        .filter(e -> !e.type().startsWith(CHAOS) || (!isBlind(e) && !blindRuns.contains(runOf(e))))
        .filter(e -> e.service() == null || services.contains(e.service()))
        .sorted(Comparator.comparing(ChangeEvent::time).reversed())
        .limit(MOST)
        .toList();
  }

  private static boolean isBlind(ChangeEvent event) {
    return "true".equalsIgnoreCase(String.valueOf(event.data().get("blind")));
  }

  private static String runOf(ChangeEvent event) {
    return String.valueOf(event.data().get("runId"));
  }
}
