package dev.watchtower.incident.notification.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.Notices;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The lines in which notices wait for their channels. Only the first of a line is tried, so what
 * keeps it there keeps all of them, whatever incident they are about.
 */
final class LineRows {
  // So long a channel takes nothing before it counts as away: a rate limit is over sooner.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // So many attempts say as much of a message that is young, or was renewed just now.
  private static final int ENOUGH_ATTEMPTS = 3;

  // What is being tried is the outbox's choice, and the order of the numbers is not its: what
  // people
  // asked for again has an old one and stands at the end. But only what is tried has a time for it,
  // the last one that was set; what waits behind has none.
  private static final String TRIED_FIRST = "(state = 'SENDING') desc, due_at desc nulls last, seq";

  // Why each channel is away; also while the first message of its line is tried once more. One that
  // was due long ago has waited for us: whether its channel is there shows when it is tried.
  private static final String AWAY =
      """
      , first as (
        select line.* from asked cross join lateral (
          select channel, state, created_at, due_at, attempts, coalesce(last_error, why) as reason
          from notification n
          where n.channel = asked.channel and n.state in ('WAITING', 'SENDING')
          order by %s limit 1) line),
      away as (
        select channel, reason from first
        where reason is not null
          and (state = 'SENDING' and attempts > :enough
            or due_at > :before and (attempts >= :enough or created_at <= :before))
          and coalesce(:before >= (
            select taken.done_at from notification taken
            where taken.channel = first.channel and taken.state = 'SENT'
            order by taken.seq desc limit 1), true))
      """
          .formatted(TRIED_FIRST);

  private final JdbcClient jdbc;

  LineRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  boolean reaches(UUID incident, Set<String> own, Instant now) {
    return away(
            """
            with opened as (
              select channel, state from notification
              where incident_id = :incident and kind = 'OPENED' and channel <> :none
                and state in ('WAITING', 'SENDING', 'SENT')),
            asked as (select channel from opened where state <> 'SENT')
            """,
            """
            select exists (
              select 1 from opened
              where state = 'SENT' or channel not in (select channel from away))
              or (exists (select 1 from opened) and not exists (
                select 1 from unnest(:own::text[]) own (name)
                where own.name not in (select channel from opened)))
            """,
            now)
        .param("incident", incident)
        .param("own", own.toArray(String[]::new))
        .param("none", Notice.NO_ROUTE)
        .query(Boolean.class)
        .single();
  }

  Optional<String> heldUp(UUID incident, String channel, Instant now) {
    return away(
            """
            with asked as (select :channel::text as channel)
            """,
            """
            select why from notification
            where incident_id = :incident and channel = :channel and kind = 'ESCALATION'
              and state = 'WAITING' and why is not null
            union all
            select reason from away
            limit 1
            """,
            now)
        .param("incident", incident)
        .param("channel", channel)
        .query(String.class)
        .optional();
  }

  Map<String, Notices.First> first() {
    var found = new HashMap<String, Notices.First>();
    jdbc.sql(
            """
            select distinct on (channel) channel, id, created_at, coalesce(last_error, why) as why
            from notification where state in ('WAITING', 'SENDING')
            order by channel, %s
            """
                .formatted(TRIED_FIRST))
        .query(row -> {
          found.put(
              row.getString("channel"),
              new Notices.First(
                  row.getObject("id", UUID.class),
                  instant(row, "created_at"),
                  Optional.ofNullable(row.getString("why"))));
        });
    return found;
  }

  // Of the channels in 'asked', by the first of each line only, however long that is.
  private JdbcClient.StatementSpec away(String asked, String question, Instant now) {
    return jdbc.sql(asked + AWAY + question)
        .param("enough", ENOUGH_ATTEMPTS)
        .param("before", utc(now.minus(PATIENCE)));
  }
}
