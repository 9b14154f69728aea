package dev.watchtower.incident.notification.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.utc;
import static dev.watchtower.incident.jdbc.Columns.utcOrNull;

import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.NoticePlan;
import dev.watchtower.incident.notification.Notices;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables {@code notification}, {@code card} and {@code channel_fault}. */
public final class JdbcNotices implements Notices {
  private static final String SELECT =
      "select n.*, i.number from notification n left join incident i on i.id = n.incident_id ";

  // One that waits can begin to be sent between two looks, but hardly the next one too.
  private static final int ATTEMPTS = 3;

  private final JdbcClient jdbc;
  private final CardRows cards;
  private final WaitingRows waiting;
  private final LineRows lines;

  /** Notices in the database behind {@code jdbc}. */
  public JdbcNotices(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.cards = new CardRows(jdbc);
    this.waiting = new WaitingRows(jdbc);
    this.lines = new LineRows(jdbc);
  }

  @Override
  public Set<String> told(UUID incident) {
    return jdbc.sql(
            """
            select channel from notification
            where incident_id = ? and kind = 'OPENED' and channel <> ?
            """)
        .params(incident, Notice.NO_ROUTE)
        .query((row, i) -> row.getString("channel"))
        .set();
  }

  @Override
  public boolean reaches(UUID incident, Set<String> own, Instant now) {
    return lines.reaches(incident, own, now);
  }

  @Override
  public boolean isOpening(UUID incident, String channel) {
    return jdbc.sql(
            """
            select id from notification
            where incident_id = ? and channel = ? and kind = 'OPENED' and state = 'WAITING'
              and not may_have_arrived
            for update
            """)
        .params(incident, channel)
        .query(UUID.class)
        .optional()
        .isPresent();
  }

  @Override
  public boolean isUnrouted(UUID incident) {
    return jdbc.sql(
            "select exists (select 1 from notification where incident_id = ? and channel = ?)")
        .params(incident, Notice.NO_ROUTE)
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<Unrouted> unrouted(long after, int most) {
    return jdbc.sql(
            """
            select n.seq, n.incident_id
            from notification n join incident i on i.id = n.incident_id
            where n.channel = 'no route' and n.seq > ?
              and i.state not in ('MITIGATED', 'RESOLVED') and not exists (
              select 1 from notification told
              where told.incident_id = n.incident_id and told.kind = 'OPENED'
                and told.channel <> 'no route')
            order by n.seq limit ?
            """)
        .params(after, most)
        .query(
            (row, i) -> new Unrouted(row.getLong("seq"), row.getObject("incident_id", UUID.class)))
        .list();
  }

  // What waits tells what is planned too, if it is sent after this transaction: so it is held until
  // then. One that began to be sent in between may have missed it.
  @Override
  public Optional<UUID> add(UUID incident, NoticePlan.Planned planned, Instant now) {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (waiting.tells(incident, planned, now)) {
        return Optional.empty();
      }
      var added = insert(incident, planned, now);
      if (added.isPresent()) {
        return added;
      }
    }
    return Optional.empty();
  }

  private Optional<UUID> insert(UUID incident, NoticePlan.Planned planned, Instant now) {
    var skipped = planned.skipped();
    return jdbc.sql(
            """
            insert into notification
              (id, incident_id, channel, kind, about, state, why, created_at, done_at)
            values (:id, :incident, :channel, :kind, :about, :state, :why, :now, :done)
            on conflict do nothing returning id
            """)
        .param("id", UUID.randomUUID())
        .param("incident", incident)
        .param("channel", planned.channel())
        .param("kind", planned.kind().name())
        .param("about", planned.about())
        .param("state", skipped == null ? "WAITING" : "SKIPPED")
        .param("why", skipped)
        .param("now", utc(now))
        .param("done", skipped == null ? null : utc(now))
        .query(UUID.class)
        .optional();
  }

  @Override
  public Optional<String> heldUp(UUID incident, String channel, Instant now) {
    return lines.heldUp(incident, channel, now);
  }

  @Override
  public Map<String, First> first() {
    return lines.first();
  }

  @Override
  public void record(Notice notice) {
    jdbc.sql(
            """
            insert into notification (id, channel, kind, about, state, why, last_error, attempts,
              created_at, done_at, message_id)
            values (:id, :channel, :kind, :about, :state, :why, :error, :attempts,
              :created, :done, :message)
            """)
        .param("id", notice.id())
        .param("channel", notice.channel())
        .param("kind", notice.kind().name())
        .param("about", notice.about())
        .param("state", notice.state().name())
        .param("why", notice.why())
        .param("error", notice.lastError())
        .param("attempts", notice.attempts())
        .param("created", utc(notice.createdAt()))
        .param("done", utcOrNull(notice.doneAt()))
        .param("message", notice.messageId())
        .update();
  }

  @Override
  public Optional<Notice> find(UUID id) {
    return jdbc.sql(SELECT + "where n.id = ?").param(id).query(NoticeRow::notice).optional();
  }

  @Override
  public Optional<Notice> begin(UUID id) {
    return jdbc.sql(
            """
            with n as (
              update notification
              set state = 'SENDING', attempts = attempts + 1, why = null, due_at = null,
                may_have_arrived = may_have_arrived or state = 'SENDING'
              where id = ? and state in ('WAITING', 'SENDING')
              returning *)
            select n.*, i.number from n left join incident i on i.id = n.incident_id
            """)
        .param(id)
        .query(NoticeRow::notice)
        .optional();
  }

  @Override
  public boolean wait(UUID id, String why, Optional<Failure> failure, Instant dueAt) {
    return waiting.wait(id, why, failure, dueAt);
  }

  @Override
  public boolean reopen(UUID id, String why) {
    return jdbc.sql(
                """
                update notification n
                set state = case when state = 'SENDING' then state else 'WAITING' end,
                  why = :why, due_at = null, done_at = null
                where n.id = :id and n.state in ('WAITING', 'SENDING', 'FAILED', 'DROPPED')
                  and (n.kind not in ('EDIT', 'WORSE', 'ESCALATION')
                    or n.state in ('WAITING', 'SENDING') or not exists (
                    select 1 from notification later
                    where later.incident_id = n.incident_id and later.channel = n.channel
                      and later.kind = n.kind and later.state = 'WAITING'
                      and not later.may_have_arrived))
                """)
            .param("id", id)
            .param("why", why)
            .update()
        > 0;
  }

  @Override
  public boolean drop(UUID id, String why, Instant now) {
    return jdbc.sql(
                """
                update notification set state = 'DROPPED', why = ?, due_at = null, done_at = ?
                where id = ? and state = 'WAITING'
                """)
            .params(why, utc(now), id)
            .update()
        > 0;
  }

  @Override
  public void sent(UUID id, String messageId, String but, Instant now) {
    jdbc.sql(
            """
            update notification
            set state = 'SENT', why = nullif(:but, ''), due_at = null, done_at = :now,
              message_id = :message, last_error = coalesce(nullif(:but, ''), last_error)
            where id = :id
            """)
        .param("but", but)
        .param("now", utc(now))
        .param("message", messageId)
        .param("id", id)
        .update();
  }

  @Override
  public Optional<String> missing(String channel) {
    return jdbc.sql(
            """
            select coalesce(why, '') from notification where channel = ? and state = 'SENT'
            order by seq desc limit 1
            """)
        .param(channel)
        .query(String.class)
        .optional()
        .filter(why -> !why.isEmpty());
  }

  @Override
  public void close(UUID id, Notice.State state, String why, Instant now) {
    jdbc.sql(
            """
            update notification set state = :state, why = :why, due_at = null, done_at = :now,
              last_error = case when :state = 'FAILED' then :why else last_error end
            where id = :id
            """)
        .param("state", state.name())
        .param("why", why)
        .param("now", utc(now))
        .param("id", id)
        .update();
  }

  @Override
  public Optional<Card> card(UUID incident, String channel) {
    return cards.card(incident, channel);
  }

  @Override
  public void doubt(UUID incident, String channel) {
    cards.doubt(incident, channel);
  }

  @Override
  public void keep(UUID incident, String channel, Card card, Instant now) {
    cards.keep(incident, channel, card, now);
  }

  @Override
  public List<Place> claimUnseen(
      Collection<String> channels, Instant before, Instant now, int most) {
    return cards.claimUnseen(channels, before, now, most);
  }

  @Override
  public boolean forget(Place place) {
    return cards.forget(place);
  }

  @Override
  public Optional<Fault> fault(String channel) {
    return jdbc.sql("select address, reason, since from channel_fault where channel = ?")
        .param(channel)
        .query((row, i) ->
            new Fault(row.getString("address"), row.getString("reason"), instant(row, "since")))
        .optional();
  }

  @Override
  public void mark(String channel, Fault fault) {
    jdbc.sql(
            """
            insert into channel_fault (channel, address, reason, since) values (?, ?, ?, ?)
            on conflict (channel) do update
              set address = excluded.address, reason = excluded.reason, since = excluded.since
            """)
        .params(channel, fault.access(), fault.reason(), utc(fault.since()))
        .update();
  }

  @Override
  public void unmark(String channel) {
    jdbc.sql("delete from channel_fault where channel = ?").param(channel).update();
  }

  @Override
  public Map<String, Long> waiting() {
    var counts = new HashMap<String, Long>();
    jdbc.sql(
            """
            select channel, count(*) as n from notification where state in ('WAITING', 'SENDING')
            group by channel
            """)
        .query(row -> {
          counts.put(row.getString("channel"), row.getLong("n"));
        });
    return counts;
  }

  @Override
  public List<Notice> list(
      Notice.@Nullable State state, @Nullable UUID incident, @Nullable Long below, int limit) {
    return jdbc.sql(
            SELECT
                + """
                where (:state::text is null or n.state = :state)
                  and (:incident::uuid is null or n.incident_id = :incident)
                  and (:below::bigint is null or n.seq < :below)
                order by n.seq desc limit :limit
                """)
        .param("state", state == null ? null : state.name())
        .param("incident", incident)
        .param("below", below)
        .param("limit", limit)
        .query(NoticeRow::notice)
        .list();
  }
}
