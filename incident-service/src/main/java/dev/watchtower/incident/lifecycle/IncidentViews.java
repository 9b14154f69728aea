package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.IncidentView;
import java.util.List;

/** Incidents as readers see them, with everything that belongs to them. Thread-safe. */
public final class IncidentViews {
  private final Rooms rooms;
  private final Transactions transactions;

  /** Views with what {@code rooms} has. */
  public IncidentViews(Rooms rooms, Transactions transactions) {
    this.rooms = rooms;
    this.transactions = transactions;
  }

  /** The views, in the same order; in a transaction of its own. */
  public List<IncidentView> of(List<Incident> incidents) {
    return transactions.once(() -> within(incidents));
  }

  /** The view; in a transaction of its own. */
  public IncidentView of(Incident incident) {
    return of(List.of(incident)).getFirst();
  }

  /** The view as the caller's transaction sees it. */
  public IncidentView within(Incident incident) {
    return within(List.of(incident)).getFirst();
  }

  private List<IncidentView> within(List<Incident> incidents) {
    var known = rooms.of(incidents.stream().map(Incident::id).toList());
    return incidents.stream().map(i -> i.view(known.getOrDefault(i.id(), Room.EMPTY))).toList();
  }
}
