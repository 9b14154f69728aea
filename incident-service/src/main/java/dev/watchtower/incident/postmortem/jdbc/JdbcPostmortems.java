package dev.watchtower.incident.postmortem.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.instantOrNull;
import static dev.watchtower.incident.jdbc.Columns.utc;
import static dev.watchtower.incident.jdbc.Columns.utcOrNull;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.incident.postmortem.ActionItem;
import dev.watchtower.incident.postmortem.Postmortem;
import dev.watchtower.incident.postmortem.Postmortems;
import dev.watchtower.incident.postmortem.Section;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code postmortem_revision}, {@code postmortem_due} and {@code action_item}. */
public final class JdbcPostmortems implements Postmortems {
  private static final TypeReference<Map<Section, Postmortem.Text>> SECTIONS =
      new TypeReference<>() {};
  private static final String ITEMS =
      "select a.*, i.number from action_item a join incident i on i.id = a.incident_id ";

  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** Postmortems in the database behind {@code jdbc}. */
  public JdbcPostmortems(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public void wish(UUID incident, Instant at) {
    jdbc.sql(
            """
            insert into postmortem_due (incident_id, due_at) values (?, ?)
            on conflict (incident_id) do update set due_at = excluded.due_at
            """)
        .params(incident, utc(at))
        .update();
  }

  @Override
  public List<UUID> due(Instant now, int limit) {
    return jdbc.sql(
            "select incident_id from postmortem_due where due_at <= ? order by due_at limit ?")
        .params(utc(now), limit)
        .query((row, i) -> row.getObject("incident_id", UUID.class))
        .list();
  }

  @Override
  public boolean fulfilled(UUID incident) {
    return jdbc.sql("delete from postmortem_due where incident_id = ?").param(incident).update()
        > 0;
  }

  @Override
  public Optional<Postmortem> newest(UUID incident) {
    return jdbc.sql(
            """
            select * from postmortem_revision where incident_id = ? order by revision desc limit 1
            """)
        .param(incident)
        .query(this::revision)
        .optional();
  }

  @Override
  public Optional<Postmortem> revision(UUID incident, int revision) {
    return jdbc.sql("select * from postmortem_revision where incident_id = ? and revision = ?")
        .params(incident, revision)
        .query(this::revision)
        .optional();
  }

  @Override
  public List<Postmortem> revisions(UUID incident) {
    return jdbc.sql(
            """
            select * from postmortem_revision where incident_id = ? order by revision desc limit ?
            """)
        .params(incident, Postmortem.MAX_REVISIONS)
        .query(this::revision)
        .list();
  }

  @Override
  public void add(Postmortem revision) {
    jdbc.sql(
            """
            insert into postmortem_revision
              (incident_id, revision, sections, author_type, author_name, at)
            values (?, ?, ?::jsonb, ?, ?, ?)
            """)
        .params(
            revision.incident(),
            revision.revision(),
            json.writerFor(SECTIONS).writeValueAsString(revision.sections()),
            revision.author().type().name(),
            revision.author().name(),
            utc(revision.at()))
        .update();
  }

  private Postmortem revision(ResultSet row, int i) throws SQLException {
    return new Postmortem(
        row.getObject("incident_id", UUID.class),
        row.getInt("revision"),
        json.readValue(row.getString("sections"), SECTIONS),
        new Actor(Actor.Type.valueOf(row.getString("author_type")), row.getString("author_name")),
        instant(row, "at"));
  }

  @Override
  public List<ActionItem> items(UUID incident) {
    return jdbc.sql(ITEMS + "where a.incident_id = ? order by a.seq limit ?")
        .params(incident, ActionItem.MAX_ITEMS)
        .query(JdbcPostmortems::item)
        .list();
  }

  @Override
  public ActionItem addItem(
      UUID incident,
      String text,
      @Nullable String owner,
      @Nullable LocalDate due,
      String by,
      Instant now) {
    var id = UUID.randomUUID();
    jdbc.sql(
            """
            insert into action_item (id, incident_id, text, owner, due, state, created_at, created_by)
            values (:id, :incident, :text, :owner, :due, 'OPEN', :now, :by)
            """)
        .param("id", id)
        .param("incident", incident)
        .param("text", text)
        .param("owner", owner)
        .param("due", due)
        .param("now", utc(now))
        .param("by", by)
        .update();
    return item(id).orElseThrow();
  }

  @Override
  public Optional<ActionItem> item(UUID id) {
    return jdbc.sql(ITEMS + "where a.id = ?").param(id).query(JdbcPostmortems::item).optional();
  }

  @Override
  public void update(ActionItem item) {
    jdbc.sql(
            """
            update action_item set text = :text, owner = :owner, due = :due, state = :state,
              closed_at = :closed where id = :id
            """)
        .param("text", item.text())
        .param("owner", item.owner())
        .param("due", item.due())
        .param("state", item.state().name())
        .param("closed", utcOrNull(item.closedAt()))
        .param("id", item.id())
        .update();
  }

  @Override
  public List<ActionItem> items(
      ActionItem.@Nullable State state, @Nullable String owner, @Nullable Long below, int limit) {
    return jdbc.sql(
            ITEMS
                + """
                where (:state::text is null or a.state = :state)
                  and (:owner::text is null or a.owner = :owner)
                  and (:below::bigint is null or a.seq < :below)
                order by a.seq desc limit :limit
                """)
        .param("state", state == null ? null : state.name())
        .param("owner", owner)
        .param("below", below)
        .param("limit", limit)
        .query(JdbcPostmortems::item)
        .list();
  }

  private static ActionItem item(ResultSet row, int i) throws SQLException {
    return new ActionItem(
        row.getObject("id", UUID.class),
        row.getLong("seq"),
        row.getObject("incident_id", UUID.class),
        row.getLong("number"),
        row.getString("text"),
        row.getString("owner"),
        row.getObject("due", LocalDate.class),
        ActionItem.State.valueOf(row.getString("state")),
        instant(row, "created_at"),
        row.getString("created_by"),
        instantOrNull(row, "closed_at"));
  }
}
