package dev.watchtower.incident.export;

import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentViews;
import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.postmortem.Postmortems;
import dev.watchtower.incident.remediation.Repairs;
import dev.watchtower.incident.statusupdate.StatusUpdates;
import dev.watchtower.incident.timeline.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Gathers what is known of an incident, in one transaction. Thread-safe. */
public final class BundleDesk {
  /** Most timeline entries in a bundle. */
  public static final int MAX_ENTRIES = 20_000;

  /** Most notifications, and most remediations, in a bundle: the newest. */
  public static final int MAX_ROWS = 2_000;

  /** Where the parts lie. */
  public record Sources(
      Incidents incidents,
      IncidentViews views,
      Timeline timeline,
      StatusUpdates statusUpdates,
      Repairs repairs,
      Notices notices,
      Postmortems postmortems) {}

  private final Sources sources;
  private final Transactions transactions;

  /** A desk. */
  public BundleDesk(Sources sources, Transactions transactions) {
    this.sources = sources;
    this.transactions = transactions;
  }

  /** The bundle; empty if there is no such incident. */
  public Optional<Bundle> gather(UUID id, Instant now) {
    return transactions.once(() -> sources.incidents().find(id).map(i -> gather(i, now)));
  }

  private Bundle gather(Incident incident, Instant now) {
    var id = incident.id();
    var timeline = sources.timeline().entries(id, 0, MAX_ENTRIES + 1);
    var repairs = sources.repairs().list(id, null, null, MAX_ROWS + 1);
    var notices = sources.notices().list(null, id, null, MAX_ROWS + 1);
    return new Bundle(
        now,
        timeline.size() <= MAX_ENTRIES && repairs.size() <= MAX_ROWS && notices.size() <= MAX_ROWS,
        sources.views().within(incident),
        atMost(MAX_ENTRIES, timeline),
        sources.timeline().verify(id),
        sources.statusUpdates().of(id),
        atMost(MAX_ROWS, repairs),
        atMost(MAX_ROWS, notices),
        sources.postmortems().revisions(id),
        sources.postmortems().items(id));
  }

  private static <T> List<T> atMost(int max, List<T> all) {
    return all.size() <= max ? all : all.subList(0, max);
  }
}
