package dev.watchtower.incident.mute;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks again at incidents that nobody was told of: when what muted them ends while they last,
 * people are told. What it looks at are rows, so it forgets nothing over a restart. For one thread.
 */
public final class MuteWatch {
  private static final int BATCH = 200;

  private final Mutes mutes;
  private final MuteDesk desk;
  private final Predicate<UUID> toldElsewhere;
  private final IncidentBook book;
  private final Transactions transactions;
  private Mutes.@Nullable Held last;

  /**
   * A watch.
   *
   * @param toldElsewhere whether who reported the trouble has told people of an incident itself
   */
  public MuteWatch(
      Mutes mutes,
      MuteDesk desk,
      Predicate<UUID> toldElsewhere,
      IncidentBook book,
      Transactions transactions) {
    this.mutes = mutes;
    this.desk = desk;
    this.toldElsewhere = toldElsewhere;
    this.book = book;
    this.transactions = transactions;
  }

  /** Looks at muted incidents, 200 at a time, page by page; after the last page at the first. */
  public void look(Instant now) {
    var after = last;
    var page = transactions.once(() -> mutes.watched(after, BATCH));
    // Before it is gone through: a failure in it must not keep the next page from being looked at.
    last = page.size() < BATCH ? null : page.getLast();
    transactions.each(page, held -> look(held, now));
  }

  private void look(Mutes.Held seen, Instant now) {
    var incident = book.incidents().lock(seen.incident()).orElseThrow();
    var held = mutes.held(incident.id());
    if (held.isEmpty()) {
      return;
    }
    if (incident.isResolved()) {
      mutes.release(incident.id());
      return;
    }
    // What has calmed down is no news; if it relapses, the signal that fires is.
    if (incident.state() == IncidentState.MITIGATED) {
      return;
    }
    desk.settle(incident, held, now)
        .ifPresent(draft -> {
          boolean over = mutes.held(incident.id()).isEmpty();
          book.note(
              incident.id(),
              draft,
              over ? Cause.unmuted(toldElsewhere.test(incident.id())) : Cause.NONE);
        });
  }
}
