package dev.watchtower.monitor.uptime.jdbc;

import dev.watchtower.monitor.uptime.Credit;
import dev.watchtower.monitor.uptime.Shares;
import dev.watchtower.monitor.uptime.UptimeHistory;
import dev.watchtower.monitor.uptime.UptimeStore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Uptime in SQLite. */
@Component
class JdbcUptime implements UptimeStore {
  private final JdbcClient db;

  JdbcUptime(JdbcClient db) {
    this.db = db;
  }

  @Override
  @Transactional
  public void add(List<Credit> credits) {
    for (var credit : credits) {
      add(
          """
          insert into uptime_minute (subject, minute, up_millis, degraded_millis, down_millis)
          values (:subject, :at, :up, :degraded, :down)
          on conflict (subject, minute) do update set up_millis = up_millis + excluded.up_millis,
            degraded_millis = degraded_millis + excluded.degraded_millis,
            down_millis = down_millis + excluded.down_millis
          """,
          credit,
          credit.minute().toEpochMilli());
      add(
          """
          insert into uptime_day (subject, day, up_millis, degraded_millis, down_millis)
          values (:subject, :at, :up, :degraded, :down)
          on conflict (subject, day) do update set up_millis = up_millis + excluded.up_millis,
            degraded_millis = degraded_millis + excluded.degraded_millis,
            down_millis = down_millis + excluded.down_millis
          """,
          credit,
          UptimeHistory.dayOf(credit.minute()).toString());
    }
  }

  private void add(String sql, Credit credit, Object at) {
    db.sql(sql)
        .param("subject", credit.subject())
        .param("at", at)
        .param("up", credit.shares().up())
        .param("degraded", credit.shares().degraded())
        .param("down", credit.shares().down())
        .update();
  }

  @Override
  public Map<String, Map<LocalDate, Shares>> daysSince(LocalDate from) {
    var days = new HashMap<String, Map<LocalDate, Shares>>();
    db.sql("select * from uptime_day where day >= ?")
        .param(from.toString())
        .query(rs -> {
          days.computeIfAbsent(rs.getString("subject"), _ -> new HashMap<>())
              .put(
                  LocalDate.parse(rs.getString("day")),
                  new Shares(
                      rs.getLong("up_millis"),
                      rs.getLong("degraded_millis"),
                      rs.getLong("down_millis")));
        });
    return days;
  }

  @Override
  public List<Credit> minutes(String subject, Instant from, Instant to, int limit) {
    return db.sql(
            """
            select * from uptime_minute where subject = ? and minute >= ? and minute < ?
            order by minute limit ?
            """)
        .params(subject, from.toEpochMilli(), to.toEpochMilli(), limit)
        .query((rs, _) ->
            new Credit(
                subject,
                Instant.ofEpochMilli(rs.getLong("minute")),
                new Shares(
                    rs.getLong("up_millis"),
                    rs.getLong("degraded_millis"),
                    rs.getLong("down_millis"))))
        .list();
  }

  @Override
  public void forget(Instant minutes, LocalDate days) {
    db.sql("delete from uptime_minute where minute < ?").param(minutes.toEpochMilli()).update();
    db.sql("delete from uptime_day where day < ?").param(days.toString()).update();
  }
}
