package dev.watchtower.incident.escalation.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instantOrNull;
import static dev.watchtower.incident.jdbc.Columns.utc;
import static dev.watchtower.incident.jdbc.Columns.utcOrNull;

import dev.watchtower.incident.escalation.EscalationState;
import dev.watchtower.incident.escalation.Escalations;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code escalation}. */
public final class JdbcEscalations implements Escalations {
  private final JdbcClient jdbc;

  /** Escalations in the database behind {@code jdbc}. */
  public JdbcEscalations(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<EscalationState> find(UUID incident) {
    return jdbc.sql("select * from escalation where incident_id = ?")
        .param(incident)
        .query((row, i) ->
            new EscalationState(
                incident,
                row.getString("policy"),
                EscalationState.State.valueOf(row.getString("state")),
                row.getInt("step"),
                row.getInt("round"),
                instantOrNull(row, "due_at"),
                row.getBoolean("muted"),
                row.getBoolean("begun")))
        .optional();
  }

  @Override
  public void keep(EscalationState state) {
    jdbc.sql(
            """
            insert into escalation (incident_id, policy, state, step, round, due_at, muted, begun)
            values (:incident, :policy, :state, :step, :round, :due, :muted, :begun)
            on conflict (incident_id) do update set policy = excluded.policy,
              state = excluded.state, step = excluded.step, round = excluded.round,
              due_at = excluded.due_at, muted = excluded.muted, begun = excluded.begun
            """)
        .param("incident", state.incident())
        .param("policy", state.policy())
        .param("state", state.state().name())
        .param("step", state.step())
        .param("round", state.round())
        .param("due", utcOrNull(state.dueAt()))
        .param("muted", state.muted())
        .param("begun", state.begun())
        .update();
  }

  @Override
  public List<UUID> due(Instant now, int limit) {
    return jdbc.sql("select incident_id from escalation where due_at <= ? order by due_at limit ?")
        .params(utc(now), limit)
        .query((row, i) -> row.getObject("incident_id", UUID.class))
        .list();
  }
}
