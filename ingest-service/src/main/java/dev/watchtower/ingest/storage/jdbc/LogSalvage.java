package dev.watchtower.ingest.storage.jdbc;

import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.isDamage;

import dev.watchtower.ingest.storage.RequestLog.Replay;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog.Range;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What can be read of a damaged segment: page by page and without its index, since either may be
 * what is damaged. Needs the scans of PostgreSQL 14 and later that go by a row's place.
 */
final class LogSalvage {
  private static final int PAGES_AT_ONCE = 256;

  private final Connection connection;
  private final int segment;

  /** By position, the places of the parts in order. */
  private final SortedMap<Long, SortedMap<Integer, String>> places = new TreeMap<>();

  private final List<Long> unreadable = new ArrayList<>();

  private LogSalvage(Connection connection, int segment) {
    this.connection = connection;
    this.segment = segment;
  }

  /** Looks through a segment. Outside a transaction: each error would end it. */
  static LogSalvage of(Connection connection, int segment) throws SQLException {
    var salvage = new LogSalvage(connection, segment);
    salvage.makeIndexAnew();
    try (var statement = connection.createStatement()) {
      // Any other scan would meet the damage.
      statement.execute("set enable_seqscan = off");
      try (var rows =
          statement.executeQuery(
              "select pg_relation_size('write_log_"
                  + segment
                  + "') / current_setting('block_size')::bigint")) {
        rows.next();
        var pages = rows.getLong(1);
        for (var page = 0L; page < pages; page += PAGES_AT_ONCE) {
          salvage.look(page, Math.min(pages, page + PAGES_AT_ONCE));
        }
      } finally {
        statement.execute("reset enable_seqscan");
      }
    }
    return salvage;
  }

  /** With a damaged index no query can even be planned. It needs all rows, and may not get them. */
  private void makeIndexAnew() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("reindex table write_log_" + segment);
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
    }
  }

  private void look(long from, long to) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select position, part, ctid::text from write_log_"
                    + segment
                    + " where ctid >= '("
                    + from
                    + ",0)' and ctid < '("
                    + to
                    + ",0)'")) {
      while (rows.next()) {
        places
            .computeIfAbsent(rows.getLong(1), position -> new TreeMap<>())
            .put(rows.getInt(2), rows.getString(3));
      }
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      if (to - from == 1) {
        unreadable.add(from);
      } else {
        var middle = (from + to) / 2;
        look(from, middle);
        look(middle, to);
      }
    }
  }

  /** The positions that can be read. */
  Range range() {
    return places.isEmpty() ? new Range(0, 0) : new Range(places.firstKey(), places.lastKey());
  }

  /** Plays what can be read of both segments behind what was played already. */
  static void play(Connection connection, LogParts parts, Replay target) throws SQLException {
    parts.restart();
    var segments = new ArrayList<LogSalvage>();
    for (var segment = 0; segment < 2; segment++) {
      var found = of(connection, segment);
      for (var page : found.unreadable) {
        target.damaged("page " + page + " of segment " + segment);
      }
      // One is wholly before the other.
      segments.add(
          found.range().first() < (segments.isEmpty() ? 0 : segments.getFirst().range().first())
              ? 0
              : segments.size(),
          found);
    }
    for (var each : segments) {
      each.play(parts);
    }
  }

  private void play(LogParts parts) throws SQLException {
    for (var entry : places.tailMap(parts.playedThrough() + 1).entrySet()) {
      try (var statement =
          connection.prepareStatement(
              "select "
                  + LogParts.COLUMNS
                  + " from write_log_"
                  + segment
                  + " where ctid = any(?::tid[]) order by part")) {
        statement.setString(1, array(entry.getValue().values()));
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            parts.add(rows);
          }
        }
      }
      parts.end();
    }
  }

  private static String array(Iterable<String> places) {
    return "{\"" + String.join("\",\"", places) + "\"}";
  }
}
