package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Looks again at incidents that no route took: when one is open while they last, because its hours
 * began or the catalog has changed, people are told. What it looks at are rows, so it forgets
 * nothing over a restart. For one thread.
 */
public final class RouteWatch {
  private static final int BATCH = 200;
  private static final Actor ACTOR = Actor.policy("routes");

  /** What mutes incidents. In the caller's transaction; thread-safe. */
  @FunctionalInterface
  public interface Mutings {
    /** Whether {@code incident} is muted at {@code now}; that it is is kept and said. */
    boolean settle(Incident incident, Instant now);
  }

  private final Notices notices;
  private final Mutings mutings;
  private final Predicate<UUID> toldElsewhere;
  private final IncidentBook book;
  private final Transactions transactions;
  private final Supplier<Catalog> catalog;
  private long last;

  /**
   * A watch.
   *
   * @param toldElsewhere whether who reported the trouble has told people of an incident itself
   */
  public RouteWatch(
      Notices notices,
      Mutings mutings,
      Predicate<UUID> toldElsewhere,
      IncidentBook book,
      Transactions transactions,
      Supplier<Catalog> catalog) {
    this.notices = notices;
    this.mutings = mutings;
    this.toldElsewhere = toldElsewhere;
    this.book = book;
    this.transactions = transactions;
    this.catalog = catalog;
  }

  /** Looks at the incidents, 200 at a time, page by page; after the last page at the first. */
  public void look(Instant now) {
    long after = last;
    var page = transactions.once(() -> notices.unrouted(after, BATCH));
    // Before it is gone through: a failure in it must not keep the next page from being looked at.
    last = page.size() < BATCH ? 0 : page.getLast().seq();
    transactions.each(page, unrouted -> look(unrouted.incident(), now));
  }

  private void look(UUID id, Instant now) {
    var incident = book.incidents().lock(id).orElseThrow();
    // What has calmed down is no news; if it relapses, the signal that fires is.
    if (incident.isResolved()
        || incident.state() == IncidentState.MITIGATED
        || !notices.told(id).isEmpty()) {
      return;
    }
    var subject = incident.subject();
    var routed =
        catalog
            .get()
            .notifications()
            .channelsFor(subject.service(), subject.env(), incident.severity(), now);
    // Nobody looked for what mutes it while no route took it.
    if (!routed.isEmpty() && !mutings.settle(incident, now)) {
      var entry =
          new Draft(
              now,
              TimelineKind.NOTIFICATION,
              ACTOR,
              "A route takes it now",
              Map.of("result", "ROUTED"));
      book.note(id, entry, Cause.unmuted(toldElsewhere.test(id)));
    }
  }
}
