package dev.watchtower.monitor.probe.jdbc;

import dev.watchtower.monitor.probe.HealthState;
import dev.watchtower.monitor.probe.Observed;
import dev.watchtower.monitor.probe.ObservedStates;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Observed states in SQLite. */
@Component
class JdbcObservedStates implements ObservedStates {
  private final JdbcClient db;

  JdbcObservedStates(JdbcClient db) {
    this.db = db;
  }

  @Override
  public Map<String, Observed> load() {
    var states = new LinkedHashMap<String, Observed>();
    db.sql("select target, state, since, last_check, latency_millis, detail from observed_state")
        .query(rs -> {
          long lastCheck = rs.getLong("last_check");
          boolean checked = !rs.wasNull();
          long latency = rs.getLong("latency_millis");
          boolean timed = !rs.wasNull();
          states.put(
              rs.getString("target"),
              Observed.restored(
                  HealthState.valueOf(rs.getString("state")),
                  Instant.ofEpochMilli(rs.getLong("since")),
                  checked ? Instant.ofEpochMilli(lastCheck) : null,
                  timed ? latency : null,
                  rs.getString("detail")));
        });
    return states;
  }

  @Override
  public void save(String target, Observed observed) {
    var lastCheck = observed.lastCheck();
    db.sql(
            """
            insert into observed_state (target, state, since, last_check, latency_millis, detail)
            values (:target, :state, :since, :lastCheck, :latency, :detail)
            on conflict (target) do update set state = excluded.state, since = excluded.since,
              last_check = excluded.last_check, latency_millis = excluded.latency_millis,
              detail = excluded.detail
            """)
        .param("target", target)
        .param("state", observed.state().name())
        .param("since", observed.since().toEpochMilli())
        .param("lastCheck", lastCheck == null ? null : lastCheck.toEpochMilli())
        .param("latency", observed.latencyMillis())
        .param("detail", observed.detail())
        .update();
  }

  @Override
  public void keepOnly(Set<String> targets) {
    for (var target :
        db.sql("select target from observed_state").query((rs, _) -> rs.getString(1)).list()) {
      if (!targets.contains(target)) {
        db.sql("delete from observed_state where target = ?").param(target).update();
      }
    }
  }
}
