package dev.watchtower.incident.lifecycle.jpa;

import dev.watchtower.common.wire.IncidentView.Responder;
import dev.watchtower.common.wire.IncidentView.Task;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.incident.lifecycle.Room;
import dev.watchtower.incident.lifecycle.Rooms;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rooms in PostgreSQL, in one statement: they are read with every change that is published. */
public final class JdbcRooms implements Rooms {
  private static final TypeReference<List<Responder>> RESPONDERS = new TypeReference<>() {};
  private static final TypeReference<List<Task>> TASKS = new TypeReference<>() {};
  private static final TypeReference<List<StatusUpdate>> UPDATES = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** Rooms in the database behind {@code jdbc}. */
  public JdbcRooms(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public Map<UUID, Room> of(Collection<UUID> incidents) {
    var rooms = new HashMap<UUID, Room>();
    if (incidents.isEmpty()) {
      return rooms;
    }
    jdbc.sql(
            """
            select i.id,
              (select json_agg(json_build_object('name', r.name, 'role', r.role, 'since', r.since)
                               order by r.since, r.name)
               from incident_responder r where r.incident_id = i.id) as responders,
              (select json_agg(json_build_object('id', t.id, 'text', t.text,
                                 'assignee', t.assignee, 'state', t.state,
                                 'createdBy', t.created_by, 'createdAt', t.created_at,
                                 'doneAt', t.done_at)
                               order by t.seq)
               from incident_task t where t.incident_id = i.id) as tasks,
              (select json_agg(json_build_object('id', u.id, 'status', u.status, 'body', u.body,
                                 'state', u.state, 'createdAt', u.created_at,
                                 'publishedAt', u.published_at, 'by', u.author)
                               order by u.published_at, u.seq)
               from (select * from status_update s
                     where s.incident_id = i.id and s.state = 'PUBLISHED'
                     order by s.published_at desc, s.seq desc limit 50) u) as told
            from unnest(:ids) i (id)
            """)
        .param("ids", incidents.toArray(UUID[]::new))
        .query(row -> {
          var responders = list(row.getString("responders"), RESPONDERS);
          var tasks = list(row.getString("tasks"), TASKS);
          var told = list(row.getString("told"), UPDATES);
          if (!responders.isEmpty() || !tasks.isEmpty() || !told.isEmpty()) {
            rooms.put(row.getObject("id", UUID.class), new Room(responders, tasks, told));
          }
        });
    return rooms;
  }

  private <T> List<T> list(@Nullable String text, TypeReference<List<T>> type) {
    return text == null ? List.of() : json.readValue(text, type);
  }
}
