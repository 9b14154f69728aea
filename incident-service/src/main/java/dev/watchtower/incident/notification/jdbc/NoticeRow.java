package dev.watchtower.incident.notification.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.instantOrNull;

import dev.watchtower.incident.notification.Notice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** A row of {@code notification}, with the number of its incident. */
final class NoticeRow {
  private NoticeRow() {}

  static Notice notice(ResultSet row, int i) throws SQLException {
    return new Notice(
        row.getObject("id", UUID.class),
        row.getLong("seq"),
        row.getObject("incident_id", UUID.class),
        row.getLong("number"),
        row.getString("channel"),
        Notice.Kind.valueOf(row.getString("kind")),
        row.getString("about"),
        Notice.State.valueOf(row.getString("state")),
        row.getString("why"),
        row.getString("last_error"),
        row.getInt("attempts"),
        instant(row, "created_at"),
        instantOrNull(row, "due_at"),
        instantOrNull(row, "done_at"),
        row.getString("message_id"),
        row.getBoolean("may_have_arrived"));
  }
}
