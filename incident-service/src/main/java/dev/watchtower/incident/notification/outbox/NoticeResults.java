package dev.watchtower.incident.notification.outbox;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.timeline.Draft;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Settles notices: the notice, the card and the timeline entry in one transaction. Edits of the
 * card leave no entry, the timeline has what they show.
 */
final class NoticeResults {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeResults.class);

  private final Notices notices;
  private final IncidentBook book;
  private final Transactions transactions;
  private final InstantSource clock;

  NoticeResults(
      Notices notices, IncidentBook book, Transactions transactions, InstantSource clock) {
    this.notices = notices;
    this.book = book;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** It was sent, though perhaps not to all, or not all of it. */
  void sent(Notice notice, Answer.Sent sent) {
    var what =
        switch (notice.kind()) {
          case RESOLVED -> "the resolution";
          case ESCALATION -> "the escalation";
          case WORSE -> "what changed: " + notice.about();
          case OPENED, EDIT -> "the incident";
          case TEST -> "nothing but a test";
        };
    run(
        () -> {
          notices.sent(notice.id(), sent.messageId(), sent.but(), clock.instant());
          var incident = notice.incident();
          if (incident != null) {
            sent.card()
                .ifPresent(c -> notices.keep(incident, notice.channel(), c, clock.instant()));
          }
        },
        () ->
            note(
                notice,
                "Told %s of %s%s"
                    .formatted(
                        notice.channel(), what, sent.but().isEmpty() ? "" : ", but " + sent.but()),
                "SENT"));
  }

  /** It will never be sent. */
  void failed(Notice notice, String reason) {
    var why = notice.ending(reason);
    run(
        () -> notices.close(notice.id(), Notice.State.FAILED, why, clock.instant()),
        () -> note(notice, "%s was not told: %s".formatted(notice.channel(), why), "FAILED"));
  }

  /** It will never be sent, because of a fault that the timeline has been told of. */
  void failedAgain(Notice notice, String why) {
    if (notice.kind() == Notice.Kind.EDIT) {
      run(() -> notices.close(notice.id(), Notice.State.FAILED, why, clock.instant()), () -> {});
    } else {
      failed(notice, why);
    }
  }

  /** It need not be sent. */
  void skipped(Notice notice, String why) {
    run(
        () -> notices.close(notice.id(), Notice.State.SKIPPED, notice.ending(why), clock.instant()),
        () -> {});
  }

  private void note(Notice notice, String summary, String result) {
    var incident = notice.incident();
    if (incident == null || (notice.kind() == Notice.Kind.EDIT && !result.equals("FAILED"))) {
      return;
    }
    book.note(
        incident,
        new Draft(
            clock.instant(),
            TimelineKind.NOTIFICATION,
            Actor.service("incident"),
            summary,
            Map.of(
                "notification", notice.id().toString(),
                "channel", notice.channel(),
                "message", notice.kind().name(),
                "result", result)));
  }

  // A timeline that takes no entry, since somebody tampered with it, must not hold the channel up.
  private void run(Runnable settle, Runnable note) {
    try {
      transactions.retrying(() -> {
        settle.run();
        note.run();
        return true;
      });
    } catch (DataIntegrityViolationException e) {
      LOG.atError().setCause(e).log("a notice is settled without its timeline entry");
      transactions.retrying(() -> {
        settle.run();
        return true;
      });
    }
  }
}
