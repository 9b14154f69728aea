package dev.watchtower.monitor.statuspage.jdbc;

import dev.watchtower.monitor.statuspage.ComponentChanges;
import dev.watchtower.monitor.statuspage.ComponentChanges.Since;
import dev.watchtower.monitor.statuspage.ComponentStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The changes of components in SQLite. */
@Component
class JdbcComponentChanges implements ComponentChanges.Store {
  private final JdbcClient db;

  JdbcComponentChanges(JdbcClient db) {
    this.db = db;
  }

  @Override
  public Map<String, Since> all() {
    var all = new HashMap<String, Since>();
    db.sql("select component, status, since from component_change")
        .query(rs -> {
          all.put(
              rs.getString("component"),
              new Since(
                  ComponentStatus.valueOf(rs.getString("status")),
                  Instant.ofEpochMilli(rs.getLong("since"))));
        });
    return all;
  }

  @Override
  public void save(String component, Since since) {
    db.sql(
            """
            insert into component_change (component, status, since) values (?, ?, ?)
            on conflict (component) do update set status = excluded.status, since = excluded.since
            """)
        .params(component, since.status().name(), since.at().toEpochMilli())
        .update();
  }

  @Override
  public void keepOnly(Set<String> components) {
    for (var component : all().keySet()) {
      if (!components.contains(component)) {
        db.sql("delete from component_change where component = ?").param(component).update();
      }
    }
  }
}
