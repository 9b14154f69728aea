package dev.watchtower.incident.signals.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.signals.KeptSignals;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code signal_kept}. */
public final class JdbcKeptSignals implements KeptSignals {
  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** Signals in the database behind {@code jdbc}. */
  public JdbcKeptSignals(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public void keep(Signal signal, Instant dueAt) {
    jdbc.sql(
            """
            insert into signal_kept (fingerprint, signal, due_at) values (?, ?::jsonb, ?)
            on conflict (fingerprint) do update
              set signal = excluded.signal, due_at = excluded.due_at
            """)
        .params(signal.fingerprint(), json.writeValueAsString(signal), utc(dueAt))
        .update();
  }

  @Override
  public void drop(Collection<String> fingerprints) {
    jdbc.sql("delete from signal_kept where fingerprint = any (:fingerprints)")
        .param("fingerprints", fingerprints.toArray(String[]::new))
        .update();
  }

  @Override
  public List<Kept> due(Instant now, int limit) {
    return jdbc.sql(
            "select signal, due_at from signal_kept where due_at < ? order by due_at limit ?")
        .params(utc(now), limit)
        .query((row, i) ->
            new Kept(json.readValue(row.getString("signal"), Signal.class), instant(row, "due_at")))
        .list();
  }

  @Override
  public void done(Kept kept) {
    jdbc.sql("delete from signal_kept where fingerprint = ? and due_at = ?")
        .params(kept.signal().fingerprint(), utc(kept.dueAt()))
        .update();
  }
}
