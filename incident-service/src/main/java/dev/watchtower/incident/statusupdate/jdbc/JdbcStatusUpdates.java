package dev.watchtower.incident.statusupdate.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.instantOrNull;
import static dev.watchtower.incident.jdbc.Columns.utc;
import static dev.watchtower.incident.jdbc.Columns.utcOrNull;

import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.StatusUpdate.State;
import dev.watchtower.incident.statusupdate.StatusUpdates;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code status_update}. */
public final class JdbcStatusUpdates implements StatusUpdates {
  private final JdbcClient jdbc;

  /** Updates in the database behind {@code jdbc}. */
  public JdbcStatusUpdates(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<StatusUpdate> of(UUID incident) {
    return jdbc.sql("select * from status_update where incident_id = ? order by seq")
        .param(incident)
        .query(JdbcStatusUpdates::update)
        .list();
  }

  @Override
  public Optional<StatusUpdate> find(UUID incident, UUID update) {
    return jdbc.sql("select * from status_update where incident_id = ? and id = ?")
        .params(incident, update)
        .query(JdbcStatusUpdates::update)
        .optional();
  }

  @Override
  public void add(UUID incident, StatusUpdate update) {
    jdbc.sql(
            """
            insert into status_update
              (id, incident_id, status, body, state, author, created_at, published_at)
            values (:id, :incident, :status, :body, :state, :author, :created, :published)
            """)
        .param("id", update.id())
        .param("incident", incident)
        .param("status", update.status())
        .param("body", update.body())
        .param("state", update.state().name())
        .param("author", update.by())
        .param("created", utc(update.createdAt()))
        .param("published", utcOrNull(update.publishedAt()))
        .update();
  }

  @Override
  public void store(StatusUpdate update) {
    jdbc.sql(
            """
            update status_update set status = :status, body = :body, state = :state,
              author = :author, published_at = :published
            where id = :id
            """)
        .param("status", update.status())
        .param("body", update.body())
        .param("state", update.state().name())
        .param("author", update.by())
        .param("published", utcOrNull(update.publishedAt()))
        .param("id", update.id())
        .update();
  }

  @Override
  public void discardDrafts(UUID incident, String author) {
    jdbc.sql(
            """
            update status_update set state = 'DISCARDED'
            where incident_id = ? and author = ? and state = 'DRAFT'
            """)
        .params(incident, author)
        .update();
  }

  private static StatusUpdate update(ResultSet row, int i) throws SQLException {
    return new StatusUpdate(
        row.getObject("id", UUID.class),
        row.getString("status"),
        row.getString("body"),
        State.valueOf(row.getString("state")),
        instant(row, "created_at"),
        instantOrNull(row, "published_at"),
        row.getString("author"));
  }
}
