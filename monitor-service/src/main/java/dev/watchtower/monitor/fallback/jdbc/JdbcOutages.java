package dev.watchtower.monitor.fallback.jdbc;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.monitor.fallback.Outage;
import dev.watchtower.monitor.fallback.Outages;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Outages in SQLite. */
@Component
class JdbcOutages implements Outages {
  private final JdbcClient db;

  JdbcOutages(JdbcClient db) {
    this.db = db;
  }

  @Override
  @Transactional
  public void open(Outage outage) {
    var clearedAt = outage.clearedAt();
    if (clearedAt != null) {
      clear(outage.id(), clearedAt);
    }
    int known =
        db.sql("update outage set route = ?, firing_done = ?, cleared_done = ? where id = ?")
            .params(
                outage.route().name(),
                outage.firingDone(),
                outage.clearedDone(),
                outage.id().toString())
            .update();
    if (known == 1) {
      return;
    }
    db.sql(
            """
            insert into outage (id, target, service, env, severity, reason, since, fired_at,
              cleared_at, route, firing_signal, cleared_signal, firing_done, cleared_done)
            values (:id, :target, :service, :env, :severity, :reason, :since, :firedAt,
              :clearedAt, :route, :firing, :cleared, :firingDone, :clearedDone)
            """)
        .param("id", outage.id().toString())
        .param("target", outage.target())
        .param("service", outage.service())
        .param("env", outage.env())
        .param("severity", outage.severity().name())
        .param("reason", outage.reason())
        .param("since", outage.since().toEpochMilli())
        .param("firedAt", outage.firedAt().toEpochMilli())
        .param("route", outage.route().name())
        .param("firing", outage.firingSignal().toString())
        .param("cleared", outage.clearedSignal().toString())
        .param("clearedAt", clearedAt == null ? null : clearedAt.toEpochMilli())
        .param("firingDone", outage.firingDone())
        .param("clearedDone", outage.clearedDone())
        .update();
  }

  @Override
  @Transactional
  public void clear(UUID id, Instant at) {
    int changed =
        db.sql("update outage set cleared_at = ? where id = ? and cleared_at is null")
            .params(at.toEpochMilli(), id.toString())
            .update();
    if (changed == 1) {
      // Channels that were sent the card have it updated, and hear of the recovery. Where the card
      // still waits it will be sent in its final form and says it all.
      for (var kind : List.of("UPDATE", "RECOVERY")) {
        db.sql(
                """
                insert into discord_queue (channel, outage, kind, due_at, created_at)
                select channel, outage, ?, ?, ? from discord_queue
                where outage = ? and kind = 'CARD' and state = 'SENT' order by seq
                """)
            .params(kind, at.toEpochMilli(), at.toEpochMilli(), id.toString())
            .update();
      }
    }
  }

  @Override
  public void firingDone(UUID id, boolean accepted) {
    db.sql(
            """
            update outage set firing_done = 1, route = case when ? and route = 'PENDING'
              then 'INCIDENT' else route end
            where id = ?
            """)
        .params(accepted, id.toString())
        .update();
  }

  @Override
  public void clearedDone(UUID id) {
    db.sql("update outage set cleared_done = 1 where id = ?").param(id.toString()).update();
  }

  @Override
  @Transactional
  public void tellDiscord(UUID id, List<String> channels, Instant now) {
    int decided =
        db.sql("update outage set route = 'DISCORD' where id = ? and route = 'PENDING'")
            .param(id.toString())
            .update();
    if (decided == 1) {
      for (var channel : channels) {
        db.sql(
                """
                insert into discord_queue (channel, outage, kind, due_at, created_at)
                values (?, ?, 'CARD', ?, ?)
                """)
            .params(channel, id.toString(), now.toEpochMilli(), now.toEpochMilli())
            .update();
      }
    }
  }

  @Override
  public Optional<Outage> find(UUID id) {
    return db.sql("select * from outage where id = ?")
        .param(id.toString())
        .query((rs, _) -> outage(rs))
        .optional();
  }

  @Override
  public List<Outage> unfinished() {
    return db.sql(
            """
            select * from outage
            where cleared_at is null or firing_done = 0 or cleared_done = 0 or route = 'PENDING'
            order by fired_at
            """)
        .query((rs, _) -> outage(rs))
        .list();
  }

  @Override
  @Transactional
  public void forget(Instant before) {
    var old =
        """
        select id from outage o where cleared_at < ? and firing_done = 1 and cleared_done = 1
          and not exists (select 1 from discord_queue q
            where q.outage = o.id and q.state = 'WAITING')
        """;
    db.sql("delete from discord_queue where outage in (" + old + ")")
        .param(before.toEpochMilli())
        .update();
    db.sql("delete from outage where id in (" + old + ")").param(before.toEpochMilli()).update();
  }

  private static Outage outage(ResultSet rs) throws SQLException {
    long clearedAt = rs.getLong("cleared_at");
    boolean cleared = !rs.wasNull();
    return new Outage(
        UUID.fromString(rs.getString("id")),
        rs.getString("target"),
        rs.getString("service"),
        rs.getString("env"),
        Severity.valueOf(rs.getString("severity")),
        rs.getString("reason"),
        Instant.ofEpochMilli(rs.getLong("since")),
        Instant.ofEpochMilli(rs.getLong("fired_at")),
        cleared ? Instant.ofEpochMilli(clearedAt) : null,
        Outage.Route.valueOf(rs.getString("route")),
        UUID.fromString(rs.getString("firing_signal")),
        UUID.fromString(rs.getString("cleared_signal")),
        rs.getBoolean("firing_done"),
        rs.getBoolean("cleared_done"));
  }
}
