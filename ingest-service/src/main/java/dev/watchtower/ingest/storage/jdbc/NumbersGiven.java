package dev.watchtower.ingest.storage.jdbc;

import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.isDamage;

import dev.watchtower.ingest.storage.Blocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Up to where numbers were given to series, by the blocks in which their samples lie: samples of
 * series that are lost must not become those of new ones.
 *
 * @param highest number that may lie in a block that could be looked at; 0 for none
 * @param complete whether all parts could be looked at
 */
record NumbersGiven(long highest, boolean complete) {
  /**
   * Numbers that are left out where a part cannot be looked at: years of new series at the highest
   * rate that the default limits allow.
   */
  static final long LEFT_OUT = 1L << 36;

  /** Looks at each part of each tier; damage of one hides only that one. Wants auto-commit. */
  static NumbersGiven of(Connection connection) throws SQLException {
    var highest = 0L;
    var complete = true;
    for (var part : parts(connection)) {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("select max(block) from " + part)) {
        rows.next();
        var block = rows.getLong(1);
        if (!rows.wasNull()) {
          highest = Math.max(highest, Blocks.highest(block));
        }
      } catch (SQLException e) {
        if (!isDamage(e)) {
          throw e;
        }
        complete = false;
      }
    }
    return new NumbersGiven(highest, complete);
  }

  private static List<String> parts(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select inhrelid::regclass::text from pg_inherits where inhparent in"
                    + " ('block'::regclass, 'rollup_minute'::regclass, 'rollup_hour'::regclass)")) {
      var parts = new ArrayList<String>();
      while (rows.next()) {
        parts.add(rows.getString(1));
      }
      return parts;
    }
  }

  /** Has them never given again, in the transaction that made the table anew. */
  void reserve(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "insert into series_quarantine (id, why) select highest, ? from (select ? + greatest(?,"
                + " (select max(id) from series), (select max(id) from series_quarantine)) as highest)"
                + " numbers where highest > 0")) {
      statement.setString(
          1,
          "parts of the table series cannot be read: see series_damaged_…"
              + (complete ? "" : "; nor can all blocks, so that many numbers are left out"));
      statement.setLong(2, complete ? 0 : LEFT_OUT);
      statement.setLong(3, highest);
      statement.executeUpdate();
    }
  }
}
