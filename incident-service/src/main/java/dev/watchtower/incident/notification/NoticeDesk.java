package dev.watchtower.incident.notification;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** What people do with notices, one transaction each, with its timeline entry. Thread-safe. */
public final class NoticeDesk {
  /** What came of it. */
  public sealed interface Result {
    /** Done. */
    record Done(Notice notice) implements Result {}

    /** It cannot be done with a notice that stands so. */
    record Refused(Notice notice, String why) implements Result {}

    /** There is no such notice. */
    record Unknown() implements Result {}
  }

  private final Notices notices;
  private final Dispatch dispatch;
  private final IncidentBook book;
  private final Transactions transactions;

  /** A desk. */
  public NoticeDesk(
      Notices notices, Dispatch dispatch, IncidentBook book, Transactions transactions) {
    this.notices = notices;
    this.dispatch = dispatch;
    this.book = book;
    this.transactions = transactions;
  }

  /**
   * Has a notice sent as soon as possible: one that waits, failed or was dropped. Its channel's
   * pauses are forgotten, and a broken channel is tried anew.
   */
  public Result retry(UUID id, Actor actor, Instant now) {
    return transactions.retrying(() -> {
      var found = notices.find(id);
      if (found.isEmpty()) {
        return new Result.Unknown();
      }
      var notice = found.get();
      lockIncident(notice);
      if (!notices.reopen(id, "to be tried now: %s asked for it".formatted(actor.name()))) {
        return new Result.Refused(notice, whyNotRetried(notice));
      }
      notices.unmark(notice.channel());
      // A second message for the same notice is harmless: it finds it settled.
      dispatch.deliver(notice.channel(), id);
      dispatch.hurry(notice.channel());
      note(notice, actor, now, "Asked to tell %s again".formatted(notice.channel()), "RETRY", "");
      return new Result.Done(notices.find(id).orElse(notice));
    });
  }

  /**
   * Has a waiting notice not sent, so that what waits behind it goes on.
   *
   * @param reason for those who look for it later
   */
  public Result drop(UUID id, String reason, Actor actor, Instant now) {
    return transactions.retrying(() -> {
      var found = notices.find(id);
      if (found.isEmpty()) {
        return new Result.Unknown();
      }
      var notice = found.get();
      lockIncident(notice);
      var why = notice.ending("dropped by %s: %s".formatted(actor.name(), reason));
      if (!notices.drop(id, why, now)) {
        return new Result.Refused(
            notice,
            notice.state() == Notice.State.SENDING
                ? "It is being sent right now; look again in a moment."
                : "It does not wait any more: it is %s.".formatted(notice.state()));
      }
      dispatch.hurry(notice.channel());
      note(
          notice,
          actor,
          now,
          "%s is not told: %s".formatted(notice.channel(), reason),
          "DROPPED",
          reason);
      return new Result.Done(notices.find(id).orElse(notice));
    });
  }

  // Locks are taken in the order that all changes of an incident keep.
  private void lockIncident(Notice notice) {
    var incident = notice.incident();
    if (incident != null) {
      var unused = book.incidents().lock(incident);
    }
  }

  private static String whyNotRetried(Notice notice) {
    return switch (notice.state()) {
      case SENT -> "It was sent already.";
      case SKIPPED -> "It need not be sent: " + notice.why();
      case WAITING, SENDING, FAILED, DROPPED -> "A later one waits already, which says as much.";
    };
  }

  private void note(
      Notice notice, Actor actor, Instant now, String summary, String result, String reason) {
    var incident = notice.incident();
    if (incident == null) {
      return;
    }
    var data =
        Map.<String, Object>of(
            "notification", notice.id().toString(),
            "channel", notice.channel(),
            "message", notice.kind().name(),
            "result", result,
            "reason", reason);
    book.note(incident, new Draft(now, TimelineKind.NOTIFICATION, actor, summary, data));
  }
}
