package dev.watchtower.incident.notification.jdbc;

import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.notification.NoticePlan;
import dev.watchtower.incident.notification.Notices;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The notices of which one waits for a channel at most. */
final class WaitingRows {
  // Characters of what one message is about, when there is more than one thing.
  private static final int MOST_ABOUT = 250;

  private final JdbcClient jdbc;

  WaitingRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Has the one that waits tell what is planned, if one does. As old as its newest news: what
   * people did before that does not make it superfluous. Of escalations that were not tried yet
   * each counts as told by its timeline, so that all are said; what was held up reached nobody.
   */
  private boolean renews(UUID incident, NoticePlan.Planned planned, Instant now) {
    return jdbc.sql(
                """
                update notification set created_at = :now, about = case
                  when kind <> 'ESCALATION' or why is not null then :about
                  when position('; ' || :about || '; ' in '; ' || about || '; ') > 0 then about
                  when char_length(about) + char_length(:about) + 2 <= :most
                    then about || '; ' || :about
                  else left(about, greatest(:most - char_length(:about) - 3, 0))
                    || '…; ' || :about
                  end
                where incident_id = :incident and channel = :channel and kind = :kind
                  and state = 'WAITING' and not may_have_arrived
                """)
            .param("now", utc(now))
            .param("about", planned.about())
            .param("most", MOST_ABOUT)
            .param("incident", incident)
            .param("channel", planned.channel())
            .param("kind", planned.kind().name())
            .update()
        > 0;
  }

  /**
   * Whether one waits that will tell what is planned; it goes on waiting until the transaction is
   * over.
   */
  boolean tells(UUID incident, NoticePlan.Planned planned, Instant now) {
    return switch (planned.kind()) {
      case WORSE, ESCALATION -> renews(incident, planned, now);
      case EDIT -> holds(incident, planned);
      case OPENED, RESOLVED, TEST -> false;
    };
  }

  private boolean holds(UUID incident, NoticePlan.Planned planned) {
    return jdbc.sql(
            """
            select id from notification
            where incident_id = ? and channel = ? and kind = ? and state = 'WAITING'
              and not may_have_arrived
            for update
            """)
        .params(incident, planned.channel(), planned.kind().name())
        .query(UUID.class)
        .optional()
        .isPresent();
  }

  /**
   * Has one wait, unless a later one does already. Without a transaction around it: where a later
   * one is written at the same moment, the database refuses the statement.
   */
  boolean wait(UUID id, String why, Optional<Notices.Failure> failure, Instant dueAt) {
    try {
      return update(id, why, failure, dueAt) > 0;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  // What is still being sent although no attempt says how it went was cut off by the end of its
  // process: it is in doubt from then on, also when its channel may not be called just now.
  private int update(UUID id, String why, Optional<Notices.Failure> failure, Instant dueAt) {
    return jdbc.sql(
            """
            update notification n set state = 'WAITING', why = :why, due_at = :due,
              last_error = coalesce(:error, n.last_error),
              may_have_arrived = n.may_have_arrived or :doubt or (:cut and n.state = 'SENDING')
            where n.id = :id and (n.kind not in ('EDIT', 'WORSE', 'ESCALATION')
              or n.may_have_arrived or :doubt or (:cut and n.state = 'SENDING') or not exists (
              select 1 from notification later
              where later.incident_id = n.incident_id and later.channel = n.channel
                and later.kind = n.kind and later.state = 'WAITING' and later.id <> n.id
                and not later.may_have_arrived))
            """)
        .param("id", id)
        .param("why", why)
        .param("error", failure.map(Notices.Failure::reason).orElse(null))
        .param("cut", failure.isEmpty())
        .param("doubt", failure.map(Notices.Failure::mayHaveArrived).orElse(false))
        .param("due", utc(dueAt))
        .update();
  }
}
