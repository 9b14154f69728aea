package dev.watchtower.monitor.statuspage.jdbc;

import dev.watchtower.monitor.statuspage.Indicator;
import dev.watchtower.monitor.statuspage.PublicHistory;
import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.PublicStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The public history in SQLite. */
@Component
class JdbcPublicHistory implements PublicHistory {
  private final JdbcClient db;

  JdbcPublicHistory(JdbcClient db) {
    this.db = db;
  }

  @Override
  public List<PublicIncident> since(Instant from, int limit) {
    Map<String, List<PublicIncident.Update>> updates = new HashMap<>();
    db.sql(
            """
            select u.* from public_update u join public_incident i on i.id = u.incident
            where i.created_at >= ? or i.status <> 'RESOLVED' order by u.at, u.rowid
            """)
        .param(from.toEpochMilli())
        .query(rs -> {
          updates
              .computeIfAbsent(rs.getString("incident"), _ -> new ArrayList<>())
              .add(
                  new PublicIncident.Update(
                      UUID.fromString(rs.getString("id")),
                      PublicStatus.valueOf(rs.getString("status")),
                      rs.getString("body"),
                      Instant.ofEpochMilli(rs.getLong("at"))));
        });
    return db.sql(
            """
            select * from public_incident where created_at >= ? or status <> 'RESOLVED'
            order by status = 'RESOLVED', updated_at desc limit ?
            """)
        .params(from.toEpochMilli(), limit)
        .query((rs, _) -> incident(rs, updates.getOrDefault(rs.getString("id"), List.of())))
        .list();
  }

  private static PublicIncident incident(ResultSet rs, List<PublicIncident.Update> updates)
      throws SQLException {
    return new PublicIncident(
        UUID.fromString(rs.getString("id")),
        rs.getString("name"),
        Indicator.valueOf(rs.getString("impact")),
        PublicStatus.valueOf(rs.getString("status")),
        rs.getString("components").lines().toList(),
        rs.getString("services").lines().collect(Collectors.toSet()),
        rs.getBoolean("over"),
        Instant.ofEpochMilli(rs.getLong("created_at")),
        Instant.ofEpochMilli(rs.getLong("updated_at")),
        instant(rs, "monitoring_at"),
        instant(rs, "resolved_at"),
        updates);
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    long millis = rs.getLong(column);
    return rs.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  @Override
  @Transactional
  public void save(PublicIncident incident) {
    db.sql(
            """
            insert into public_incident (id, name, impact, status, components, services, over,
              created_at, updated_at, monitoring_at, resolved_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set name = excluded.name, impact = excluded.impact,
              status = excluded.status, components = excluded.components,
              services = excluded.services, over = excluded.over,
              updated_at = excluded.updated_at, monitoring_at = excluded.monitoring_at,
              resolved_at = excluded.resolved_at
            """)
        .param(incident.id().toString())
        .param(incident.name())
        .param(incident.impact().name())
        .param(incident.status().name())
        .param(String.join("\n", incident.components()))
        .param(String.join("\n", new TreeSet<>(incident.services())))
        .param(incident.over() ? 1 : 0)
        .param(incident.createdAt().toEpochMilli())
        .param(incident.updatedAt().toEpochMilli())
        .param(millis(incident.monitoringAt()))
        .param(millis(incident.resolvedAt()))
        .update();
    // Our own words give way to those that were published.
    db.sql("delete from public_update where incident = ?").param(incident.id().toString()).update();
    for (var update : incident.updates()) {
      db.sql(
              """
              insert into public_update (id, incident, status, body, at) values (?, ?, ?, ?, ?)
              """)
          .params(
              update.id().toString(),
              incident.id().toString(),
              update.status().name(),
              update.body(),
              update.at().toEpochMilli())
          .update();
    }
  }

  @Override
  public void forget(Instant before) {
    db.sql("delete from public_incident where created_at < ? and status = 'RESOLVED'")
        .param(before.toEpochMilli())
        .update();
  }

  private static @Nullable Long millis(@Nullable Instant at) {
    return at == null ? null : at.toEpochMilli();
  }
}
