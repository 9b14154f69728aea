package dev.watchtower.incident.notification.web;

import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.Notices.First;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notice as readers see it.
 *
 * @param incident null for a message about none
 * @param why why it is in that state; the same as {@code reason}
 * @param dueAt when it is tried next; the same as {@code nextAttemptAt}
 * @param lastError what went wrong at the last attempt that failed, also if a later one went well
 * @param mayHaveArrived whether an attempt ended without an answer, so that the channel may have
 *     the message although it is not known to be sent
 */
record NoticeView(
    UUID id,
    long seq,
    @Nullable UUID incident,
    long number,
    String channel,
    Notice.Kind kind,
    String about,
    Notice.State state,
    @Nullable String why,
    @Nullable String reason,
    @Nullable String lastError,
    boolean mayHaveArrived,
    int attempts,
    Instant createdAt,
    @Nullable Instant dueAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant doneAt,
    @Nullable String messageId) {

  // What waits was not tried yet, since only the first of a line is.
  private static final String BEHIND = "waits behind an earlier message";

  /** A notice that was asked for by itself. */
  static NoticeView of(Notice notice) {
    return of(notice, notice.why());
  }

  /** A notice of a list, with what stands first in the line of each channel. */
  static NoticeView of(Notice notice, Map<String, First> first) {
    var ahead = first.get(notice.channel());
    boolean behind =
        notice.state() == Notice.State.WAITING
            && ahead != null
            && !ahead.notice().equals(notice.id());
    return of(notice, notice.why() == null && behind ? BEHIND : notice.why());
  }

  private static NoticeView of(Notice notice, @Nullable String why) {
    return new NoticeView(
        notice.id(),
        notice.seq(),
        notice.incident(),
        notice.number(),
        notice.channel(),
        notice.kind(),
        notice.about(),
        notice.state(),
        why,
        why,
        notice.lastError(),
        notice.mayHaveArrived() && notice.state() != Notice.State.SENT,
        notice.attempts(),
        notice.createdAt(),
        notice.dueAt(),
        notice.dueAt(),
        notice.doneAt(),
        notice.messageId());
  }
}
