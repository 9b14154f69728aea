package dev.watchtower.incident.people.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.instantOrNull;
import static dev.watchtower.incident.jdbc.Columns.utc;
import static dev.watchtower.incident.jdbc.Columns.utcOrNull;

import dev.watchtower.common.wire.IncidentView.Responder;
import dev.watchtower.common.wire.IncidentView.Role;
import dev.watchtower.common.wire.IncidentView.Task;
import dev.watchtower.common.wire.IncidentView.TaskState;
import dev.watchtower.incident.people.People;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables {@code incident_responder} and {@code incident_task}. */
public final class JdbcPeople implements People {
  private final JdbcClient jdbc;

  /** People in the database behind {@code jdbc}. */
  public JdbcPeople(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<Responder> responders(UUID incident) {
    return jdbc.sql(
            """
            select name, role, since from incident_responder where incident_id = ?
            order by since, name
            """)
        .param(incident)
        .query((row, i) ->
            new Responder(
                row.getString("name"), Role.valueOf(row.getString("role")), instant(row, "since")))
        .list();
  }

  @Override
  public void put(UUID incident, Responder responder) {
    jdbc.sql(
            """
            insert into incident_responder (incident_id, name, role, since) values (?, ?, ?, ?)
            on conflict (incident_id, name) do update set role = excluded.role
            """)
        .params(incident, responder.name(), responder.role().name(), utc(responder.since()))
        .update();
  }

  @Override
  public void remove(UUID incident, String name) {
    jdbc.sql("delete from incident_responder where incident_id = ? and name = ?")
        .params(incident, name)
        .update();
  }

  @Override
  public List<Task> tasks(UUID incident) {
    return jdbc.sql("select * from incident_task where incident_id = ? order by seq")
        .param(incident)
        .query(JdbcPeople::task)
        .list();
  }

  @Override
  public Optional<Task> task(UUID incident, UUID task) {
    return jdbc.sql("select * from incident_task where incident_id = ? and id = ?")
        .params(incident, task)
        .query(JdbcPeople::task)
        .optional();
  }

  @Override
  public void put(UUID incident, Task task) {
    jdbc.sql(
            """
            insert into incident_task
              (id, incident_id, text, assignee, state, created_by, created_at, done_at)
            values (:id, :incident, :text, :assignee, :state, :by, :created, :done)
            on conflict (id) do update set text = excluded.text, assignee = excluded.assignee,
              state = excluded.state, done_at = excluded.done_at
            """)
        .param("id", task.id())
        .param("incident", incident)
        .param("text", task.text())
        .param("assignee", task.assignee())
        .param("state", task.state().name())
        .param("by", task.createdBy())
        .param("created", utc(task.createdAt()))
        .param("done", utcOrNull(task.doneAt()))
        .update();
  }

  private static Task task(ResultSet row, int i) throws SQLException {
    return new Task(
        row.getObject("id", UUID.class),
        row.getString("text"),
        row.getString("assignee"),
        TaskState.valueOf(row.getString("state")),
        row.getString("created_by"),
        instant(row, "created_at"),
        instantOrNull(row, "done_at"));
  }
}
