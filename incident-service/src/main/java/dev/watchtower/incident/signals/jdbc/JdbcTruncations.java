package dev.watchtower.incident.signals.jdbc;

import dev.watchtower.incident.signals.Truncations;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code alert_truncation}. */
public final class JdbcTruncations implements Truncations {
  private final JdbcClient jdbc;

  /** Truncations in the database behind {@code jdbc}. */
  public JdbcTruncations(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<UUID> holding(Collection<String> fingerprints) {
    return jdbc.sql(
            """
            select distinct i.id from incident_signal s join incident i on i.id = s.incident_id
            where s.fingerprint = any (:fingerprints) and i.state <> 'RESOLVED'
            """)
        .param("fingerprints", fingerprints.toArray(String[]::new))
        .query((row, i) -> row.getObject("id", UUID.class))
        .list();
  }

  @Override
  public long most(UUID incident, String group) {
    return jdbc.sql(
            "select most from alert_truncation where incident_id = ? and alert_group = md5(?)")
        .params(incident, group)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  @Override
  public void keep(UUID incident, String group, long most) {
    jdbc.sql(
            """
            insert into alert_truncation (incident_id, alert_group, most) values (?, md5(?), ?)
            on conflict (incident_id, alert_group) do update set most = excluded.most
            """)
        .params(incident, group, most)
        .update();
  }
}
