package dev.watchtower.monitor.fallback.jdbc;

import dev.watchtower.monitor.fallback.discord.DiscordQueue;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The Discord queue in SQLite. */
@Component
class JdbcDiscordQueue implements DiscordQueue {
  private final JdbcClient db;

  JdbcDiscordQueue(JdbcClient db) {
    this.db = db;
  }

  @Override
  public List<Item> line(String channel, int most) {
    return db.sql(
            """
            select q.*, (select card.message_id from discord_queue card
              where card.channel = q.channel and card.outage = q.outage and card.kind = 'CARD'
            ) as card_id
            from discord_queue q where q.channel = ? and q.state = 'WAITING' order by q.seq limit ?
            """)
        .params(channel, most)
        .query((rs, _) ->
            new Item(
                rs.getLong("seq"),
                rs.getString("channel"),
                UUID.fromString(rs.getString("outage")),
                Kind.valueOf(rs.getString("kind")),
                rs.getInt("attempt"),
                Instant.ofEpochMilli(rs.getLong("due_at")),
                rs.getString("card_id")))
        .list();
  }

  @Override
  public List<String> waitingChannels() {
    return db.sql("select distinct channel from discord_queue where state = 'WAITING'")
        .query((rs, _) -> rs.getString("channel"))
        .list();
  }

  @Override
  public void attempted(Item item) {
    db.sql("update discord_queue set attempt = attempt + 1 where seq = ?")
        .param(item.seq())
        .update();
  }

  @Override
  @Transactional
  public void sent(Item item, @Nullable String messageId, boolean toldRecovery, Instant now) {
    db.sql(
            """
            update discord_queue set state = 'SENT', message_id = ?, done_at = ?, last_error = null
            where seq = ?
            """)
        .param(messageId)
        .param(now.toEpochMilli())
        .param(item.seq())
        .update();
    if (item.kind() == Kind.CARD && !toldRecovery) {
      for (var kind : List.of(Kind.UPDATE, Kind.RECOVERY)) {
        db.sql(
                """
                insert into discord_queue (channel, outage, kind, due_at, created_at)
                select ?, id, ?, ?, ? from outage where id = ? and cleared_at is not null
                on conflict (channel, outage, kind) do nothing
                """)
            .params(
                item.channel(),
                kind.name(),
                now.toEpochMilli(),
                now.toEpochMilli(),
                item.outage().toString())
            .update();
      }
    }
  }

  @Override
  public void again(Item item, String reason, Instant dueAt) {
    db.sql("update discord_queue set due_at = ?, last_error = ? where seq = ?")
        .params(dueAt.toEpochMilli(), reason, item.seq())
        .update();
  }

  @Override
  public void card(UUID outage, String channel, Instant now) {
    db.sql(
            """
            insert into discord_queue (channel, outage, kind, due_at, created_at)
            values (?, ?, 'CARD', ?, ?)
            on conflict (channel, outage, kind) do update
            set state = 'WAITING', attempt = 0, due_at = excluded.due_at, done_at = null
            where discord_queue.state = 'DROPPED'
            """)
        .params(channel, outage.toString(), now.toEpochMilli(), now.toEpochMilli())
        .update();
  }

  @Override
  public void dropped(Item item, String reason, Instant now) {
    db.sql(
            """
            update discord_queue set state = 'DROPPED', last_error = ?, done_at = ? where seq = ?
            """)
        .params(reason, now.toEpochMilli(), item.seq())
        .update();
  }

  @Override
  public void broken(String urlHash, String reason, Instant now) {
    db.sql(
            """
            insert into discord_broken (url_hash, reason, since) values (?, ?, ?)
            on conflict (url_hash) do nothing
            """)
        .params(urlHash, reason, now.toEpochMilli())
        .update();
  }

  @Override
  public boolean isBroken(String urlHash) {
    return db.sql("select count(*) from discord_broken where url_hash = ?")
            .param(urlHash)
            .query(Integer.class)
            .single()
        > 0;
  }

  @Override
  public void mended(String urlHash) {
    db.sql("delete from discord_broken where url_hash = ?").param(urlHash).update();
  }

  @Override
  public List<Waiting> waiting() {
    return db.sql(
            """
            select channel, count(*) as waiting, max(last_error) as last_error from discord_queue
            where state = 'WAITING' group by channel order by channel
            """)
        .query((rs, _) ->
            new Waiting(rs.getString("channel"), rs.getInt("waiting"), rs.getString("last_error")))
        .list();
  }
}
