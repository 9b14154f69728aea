package dev.watchtower.incident.lifecycle;

import dev.watchtower.incident.timeline.Draft;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a change, before it is written down, the entries that follow from it. Called in the
 * transaction of the change, before the timeline is written and the listeners are told.
 */
@FunctionalInterface
public interface EntrySource {
  /**
   * The entries that follow.
   *
   * @param before the incident before the change; null if it is being opened
   */
  List<Draft> entriesFor(@Nullable Incident before, Incident after, IncidentBook.Cause cause);

  /**
   * The entries that follow from {@code entries}, with or without a change of the incident: from
   * who wrote them, for one. Asked once; what follows from its answer is not asked for.
   *
   * @param before the incident before the change; null if it is being opened
   * @param entries all that is about to be written
   */
  default List<Draft> entriesAfter(@Nullable Incident before, Incident after, List<Draft> entries) {
    return List.of();
  }
}
