package dev.watchtower.incident.analysis.jdbc;

import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.incident.analysis.Analyses;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code analysis}. */
public final class JdbcAnalyses implements Analyses {
  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** Analyses in the database behind {@code jdbc}. */
  public JdbcAnalyses(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public boolean add(AnalysisView analysis, Instant receivedAt) {
    return jdbc.sql(
                """
                insert into analysis (id, incident_id, received_at, body)
                values (?, ?, ?, ?::jsonb) on conflict (id) do nothing
                """)
            .params(
                analysis.id(),
                analysis.incidentId(),
                OffsetDateTime.ofInstant(receivedAt, ZoneOffset.UTC),
                json.writeValueAsString(analysis))
            .update()
        > 0;
  }

  @Override
  public Optional<AnalysisView> latest(UUID incident) {
    return jdbc.sql(
            """
            select body from analysis where incident_id = ? order by received_at desc, id limit 1
            """)
        .param(incident)
        .query((row, i) -> json.readValue(row.getString("body"), AnalysisView.class))
        .optional();
  }
}
