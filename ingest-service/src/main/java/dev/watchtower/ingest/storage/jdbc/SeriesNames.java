package dev.watchtower.ingest.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What the table of series and its key are called, however often it was made anew. */
final class SeriesNames {
  private static final String KEY = "series_pkey";

  private SeriesNames() {}

  /** The names of its primary key, ready for a statement; none if it has none. */
  static List<String> keys(Connection connection) throws SQLException {
    return texts(
        connection,
        "select quote_ident(conname) from pg_constraint"
            + " where conrelid = 'series'::regclass and contype = 'p'");
  }

  /** Puts {@code series_anew} in its place; the one before stays as {@code series_damaged_…}. */
  static void swap(Connection connection) throws SQLException {
    execute(connection, "alter table series rename to " + unused(connection));
    // Whichever of the damaged tables has it.
    for (var holder :
        texts(
            connection,
            "select c.relname from pg_constraint k join pg_class c on c.oid = k.conrelid"
                + " where k.connamespace = current_schema()::regnamespace and k.conname = '"
                + KEY
                + "'")) {
      rename(connection, holder, KEY, holder + "_pkey");
    }
    execute(connection, "alter table series_anew rename to series");
    for (var key : keys(connection)) {
      rename(connection, "series", key, KEY);
    }
  }

  /** The number after the highest one: people drop the tables they are done with. */
  private static String unused(Connection connection) throws SQLException {
    return texts(
            connection,
            "select 'series_damaged_' || coalesce(max(substring(relname from '[0-9]+$')::bigint), 0)"
                + " + 1 from pg_class where relnamespace = current_schema()::regnamespace"
                + " and relname ~ '^series_damaged_[0-9]{1,9}$'")
        .getFirst();
  }

  private static void rename(Connection connection, String table, String from, String to)
      throws SQLException {
    execute(connection, "alter table " + table + " rename constraint " + from + " to " + to);
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
