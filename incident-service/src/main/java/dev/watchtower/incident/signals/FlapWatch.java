package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Ends the flapping of signals that have kept still for long enough: what they have come to counts
 * from then on. The timers are rows, so they survive restarts. Thread-safe.
 */
public final class FlapWatch {
  private static final int BATCH = 100;

  private final IncidentBook book;
  private final Lifecycle lifecycle;
  private final Transactions transactions;

  /** A watch. */
  public FlapWatch(IncidentBook book, Lifecycle lifecycle, Transactions transactions) {
    this.book = book;
    this.lifecycle = lifecycle;
    this.transactions = transactions;
  }

  /** Looks at the flapping incidents whose time is up at {@code now}. */
  public void look(Instant now) {
    transactions.each(
        transactions.once(() -> book.incidents().dueForCalm(now, BATCH)), id -> calm(id, now));
  }

  private void calm(UUID id, Instant now) {
    var before = book.incidents().lock(id).orElseThrow();
    var due = before.timers().calmAt();
    if (due == null || due.isAfter(now)) {
      return;
    }
    var drafts = new ArrayList<Draft>();
    drafts.add(
        SignalEntries.calm(
            before.signals().stream().filter(IncidentSignal::flapping).toList(), now));
    var after = settled(before.calm(), drafts, now);
    var unused = book.save(before, lifecycle.timed(after, now), drafts, Cause.NONE);
  }

  // What was held back while it flapped.
  private Incident settled(Incident incident, List<Draft> drafts, Instant now) {
    boolean mitigated = incident.state() == IncidentState.MITIGATED;
    if (SignalPolicy.isLeftToAPerson(incident)) {
      drafts.add(SignalEntries.leftToAPerson(now));
      return incident;
    }
    if (incident.isFiring() == !mitigated) {
      return incident;
    }
    var command =
        mitigated
            ? Command.byPolicy(IncidentEvent.REGRESS, "regress", "a signal fires", now)
            : Command.byPolicy(
                IncidentEvent.RECOVER, "recover", "all signals cleared and kept still", now);
    if (lifecycle.decide(incident, command) instanceof Decision.Moved moved) {
      drafts.add(IncidentBook.stateChanged(moved, command));
      return moved.after();
    }
    return incident;
  }
}
