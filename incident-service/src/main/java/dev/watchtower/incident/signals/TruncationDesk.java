package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/**
 * Says on the timelines of a group's incidents that Alertmanager has left alerts out of it: once,
 * and again only when it is more than twice as many as was said, since Alertmanager repeats its
 * groups for as long as they fire. Thread-safe.
 */
public final class TruncationDesk {
  private final IncidentBook book;
  private final Truncations truncations;
  private final Transactions transactions;

  /** A desk. */
  public TruncationDesk(IncidentBook book, Truncations truncations, Transactions transactions) {
    this.book = book;
    this.truncations = truncations;
    this.transactions = transactions;
  }

  /**
   * Notes that {@code left} alerts of the group were left out.
   *
   * @param group names the group, as Alertmanager does
   * @param signals those that were not left out
   */
  public void note(String group, long left, Collection<Signal> signals, Actor actor, Instant now) {
    var fingerprints = signals.stream().map(Signal::fingerprint).distinct().toList();
    transactions.each(
        transactions.once(() -> truncations.holding(fingerprints)),
        incident -> note(incident, group, left, actor, now));
  }

  private void note(UUID incident, String group, long left, Actor actor, Instant now) {
    // Locked first: two repetitions at once must not both say it.
    if (book.incidents().lock(incident).isEmpty()) {
      return;
    }
    long said = truncations.most(incident, group);
    if (said > 0 && left <= 2 * said) {
      return;
    }
    truncations.keep(incident, group, left);
    var text =
        "Alertmanager left out %d alerts of this group (its max_alerts): what is shown is not all."
            .formatted(left);
    var unused =
        book.note(
            incident,
            new Draft(
                now,
                TimelineKind.ANNOTATION,
                actor,
                text,
                Map.of("text", text, "truncatedAlerts", left)));
  }
}
