package dev.watchtower.incident.notification.jdbc;

import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.notification.Notices.Card;
import dev.watchtower.incident.notification.Notices.Place;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code card}. */
final class CardRows {
  private final JdbcClient jdbc;

  CardRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<Card> card(UUID incident, String channel) {
    return jdbc.sql("select message_id, shown from card where incident_id = ? and channel = ?")
        .params(incident, channel)
        .query((row, i) -> new Card(row.getString("message_id"), row.getString("shown")))
        .optional();
  }

  void doubt(UUID incident, String channel) {
    jdbc.sql("update card set shown = ? where incident_id = ? and channel = ?")
        .params(Card.NOT_KNOWN, incident, channel)
        .update();
  }

  void keep(UUID incident, String channel, Card card, Instant now) {
    jdbc.sql(
            """
            insert into card (incident_id, channel, message_id, shown, seen_at)
            values (?, ?, ?, ?, ?)
            on conflict (incident_id, channel) do update
              set message_id = excluded.message_id, shown = excluded.shown,
                seen_at = excluded.seen_at
            """)
        .params(incident, channel, card.messageId(), card.shown(), utc(now))
        .update();
  }

  List<Place> claimUnseen(Collection<String> channels, Instant before, Instant now, int most) {
    return jdbc.sql(
            """
            update card c set seen_at = :now
            from (
              select old.incident_id, old.channel
              from card old join incident i on i.id = old.incident_id
              where i.state <> 'RESOLVED' and old.channel = any(:channels)
                and (old.seen_at is null or old.seen_at < :before)
              order by old.seen_at nulls first limit :most
              for update of old skip locked) due
            where c.incident_id = due.incident_id and c.channel = due.channel
            returning c.incident_id, c.channel, c.message_id
            """)
        .param("now", utc(now))
        .param("before", utc(before))
        .param("channels", channels.toArray(String[]::new))
        .param("most", most)
        .query((row, i) ->
            new Place(
                row.getObject("incident_id", UUID.class),
                row.getString("channel"),
                row.getString("message_id")))
        .list();
  }

  boolean forget(Place place) {
    return jdbc.sql("delete from card where incident_id = ? and channel = ? and message_id = ?")
            .params(place.incident(), place.channel(), place.messageId())
            .update()
        > 0;
  }
}
