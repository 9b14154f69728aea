package dev.watchtower.monitor.lastknown.jdbc;

import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.monitor.lastknown.LastKnownStore;
import dev.watchtower.monitor.lastknown.MaintenanceWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last known state in SQLite, as JSON. What an older version wrote and cannot be read is left
 * out.
 */
@Component
class JdbcLastKnown implements LastKnownStore {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcLastKnown.class);

  private final JdbcClient db;
  private final JsonMapper json;

  JdbcLastKnown(JdbcClient db, JsonMapper json) {
    this.db = db;
    this.json = json;
  }

  @Override
  public List<IncidentView> incidents() {
    return read("incident", IncidentView.class);
  }

  @Override
  public void save(IncidentView incident, Instant asOf) {
    write("incident", incident.id().toString(), json.writeValueAsString(incident), asOf);
  }

  @Override
  @Transactional
  public void forget(Collection<UUID> incidents) {
    incidents.forEach(id ->
        db.sql("delete from last_known where kind = 'incident' and key = ?")
            .param(id.toString())
            .update());
  }

  @Override
  public List<SignalsBatch> signals() {
    return read("signals", SignalsBatch.class);
  }

  @Override
  @Transactional
  public void saveSignals(Collection<SignalsBatch> signals, Instant asOf) {
    db.sql("delete from last_known where kind = 'signals'").update();
    for (var batch : signals) {
      write("signals", batch.env() + "/" + batch.service(), json.writeValueAsString(batch), asOf);
    }
  }

  @Override
  public Optional<String> slo() {
    return db.sql("select body from last_known where kind = 'slo' and key = ''")
        .query(String.class)
        .optional();
  }

  @Override
  public void saveSlo(String body, Instant asOf) {
    write("slo", "", body, asOf);
  }

  @Override
  public List<MaintenanceWindow> maintenance() {
    return read("maintenance", MaintenanceWindow.class).stream()
        .sorted(Comparator.comparing(MaintenanceWindow::createdAt).reversed())
        .toList();
  }

  @Override
  @Transactional
  public void saveMaintenance(Collection<MaintenanceWindow> windows, Instant asOf) {
    db.sql("delete from last_known where kind = 'maintenance'").update();
    for (var window : windows) {
      write("maintenance", window.id().toString(), json.writeValueAsString(window), asOf);
    }
  }

  @Override
  public Map<String, Instant> heard() {
    var heard = new HashMap<String, Instant>();
    db.sql("select key, as_of from last_known where kind = 'heard'")
        .query(rs -> {
          heard.put(rs.getString("key"), Instant.ofEpochMilli(rs.getLong("as_of")));
        });
    return heard;
  }

  @Override
  public void saveHeard(String source, Instant at) {
    write("heard", source, "{}", at);
  }

  private void write(String kind, String key, String body, Instant asOf) {
    db.sql(
            """
            insert into last_known (kind, key, body, as_of) values (?, ?, ?, ?)
            on conflict (kind, key) do update set body = excluded.body, as_of = excluded.as_of
            """)
        .params(kind, key, body, asOf.toEpochMilli())
        .update();
  }

  private <T> List<T> read(String kind, Class<T> type) {
    var all = new ArrayList<T>();
    for (var body :
        db.sql("select body from last_known where kind = ? order by key")
            .param(kind)
            .query(String.class)
            .list()) {
      try {
        all.add(json.readValue(body, type));
      } catch (JacksonException e) {
        LOG.atWarn().setCause(e).addKeyValue("kind", kind).log("a kept state cannot be read");
      }
    }
    return List.copyOf(all);
  }
}
