package dev.watchtower.incident.changes.jdbc;

import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.incident.changes.Changes;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code incident_change}. */
public final class JdbcChanges implements Changes {
  private final JdbcClient jdbc;

  /** Changes in the database behind {@code jdbc}. */
  public JdbcChanges(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Set<Key> known(UUID incident) {
    return jdbc.sql("select source, event_id from incident_change where incident_id = ?")
        .param(incident)
        .query((row, i) -> new Key(row.getString("source"), row.getString("event_id")))
        .set();
  }

  @Override
  public boolean add(UUID incident, ChangeEvent event) {
    return jdbc.sql(
                """
                insert into incident_change (incident_id, source, event_id) values (?, ?, ?)
                on conflict do nothing
                """)
            .params(incident, event.source(), event.id())
            .update()
        > 0;
  }
}
