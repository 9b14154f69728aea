package dev.watchtower.ingest.storage.jdbc;

import dev.watchtower.ingest.storage.RequestLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** The request log in the table {@code write_log}, one partition a segment. */
public final class PgRequestLog implements RequestLog {
  /** Parts held in memory at a time while replaying. */
  private static final int REPLAY_FETCH = 256;

  /** Bytes of a body in one row, so that the row fits a page. */
  private static final int PART = 8_000;

  private static final byte[] NOTHING = {};

  private final DataSource dataSource;
  private final PgFence fence;

  /**
   * Uses connections whose search path finds the schema.
   *
   * @param fence shared with the archive
   */
  public PgRequestLog(DataSource dataSource, PgFence fence) {
    this.dataSource = dataSource;
    this.fence = fence;
  }

  private record Range(long first, long last) {
    boolean isEmpty() {
      return last == 0;
    }
  }

  @Override
  public State open() throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      fence.take(connection);
      var sealed = sealedThrough(connection);
      var last = sealed;
      var active = 0;
      var ranges = new Range[] {range(connection, 0), range(connection, 1)};
      for (var segment = 0; segment < 2; segment++) {
        if (!ranges[segment].isEmpty() && ranges[segment].last() <= sealed) {
          truncate(connection, segment);
          ranges[segment] = new Range(0, 0);
        }
        if (ranges[segment].last() > last) {
          last = ranges[segment].last();
          active = segment;
        }
      }
      return new State(last, sealed, active, ranges[1 - active].isEmpty());
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static long sealedThrough(Connection connection) throws SQLException {
    return number(connection, "select sealed_through from log_state");
  }

  private static Range range(Connection connection, int segment) throws SQLException {
    var from = " from write_log where segment = " + segment;
    return new Range(
        number(connection, "select coalesce(min(position), 0)" + from),
        number(connection, "select coalesce(max(position), 0)" + from));
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new SQLException("no row: " + sql);
      }
      return rows.getLong(1);
    }
  }

  @Override
  public void replay(long sealedThrough, Replay target) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      // One segment is wholly before the other.
      var first = range(connection, 0);
      var second = range(connection, 1);
      var swapped = !second.isEmpty() && (first.isEmpty() || second.first() < first.first());
      connection.setAutoCommit(false);
      try {
        replay(connection, swapped ? 1 : 0, sealedThrough, target);
        replay(connection, swapped ? 0 : 1, sealedThrough, target);
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void replay(Connection connection, int segment, long after, Replay target)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select position, format, samples, body from write_log"
                + " where segment = ? and position > ? order by position, part")) {
      statement.setFetchSize(REPLAY_FETCH);
      statement.setInt(1, segment);
      statement.setLong(2, after);
      try (var rows = statement.executeQuery()) {
        var parts = new ArrayList<byte[]>();
        Entry entry = null;
        while (rows.next()) {
          if (entry != null && rows.getLong(1) != entry.position()) {
            target.entry(entry.withBody(joined(parts)));
            parts.clear();
          }
          entry = new Entry(rows.getLong(1), rows.getInt(2), rows.getInt(3), NOTHING);
          parts.add(rows.getBytes(4));
        }
        if (entry != null) {
          target.entry(entry.withBody(joined(parts)));
        }
      }
    }
  }

  private static byte[] joined(List<byte[]> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    var all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
    var at = 0;
    for (var part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @Override
  public void append(int segment, List<Entry> entries) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        fence.hold(connection);
        var rows =
            new BinaryRows(
                connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                        "copy write_log_"
                            + segment
                            + " (position, part, segment, format, samples, body)"
                            + " from stdin (format binary)"));
        for (var entry : entries) {
          write(entry, segment, rows);
        }
        rows.end();
        connection.commit();
      } catch (SQLException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void write(Entry entry, int segment, BinaryRows rows) throws SQLException {
    var body = entry.body();
    var part = 0;
    var from = 0;
    do {
      var length = Math.min(PART, body.length - from);
      rows.row(6);
      rows.bigint(entry.position());
      rows.smallint(part++);
      rows.smallint(segment);
      rows.smallint(entry.format());
      rows.integer(entry.samples());
      rows.bytes(body, from, length);
      from += length;
    } while (from < body.length);
  }

  @Override
  public long lastPosition() throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      return Math.max(
          sealedThrough(connection),
          Math.max(range(connection, 0).last(), range(connection, 1).last()));
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** May be called beside the other methods, for the segment that is not written to. */
  @Override
  public void empty(int segment) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        fence.hold(connection);
        truncate(connection, segment);
        connection.commit();
      } catch (SQLException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void truncate(Connection connection, int segment) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(segment == 0 ? "truncate write_log_0" : "truncate write_log_1");
    }
  }

  static void rollback(Connection connection, SQLException cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  static UnavailableException unavailable(SQLException e) {
    return new UnavailableException(
        String.valueOf(e.getMessage()).lines().findFirst().orElse("no message"), e);
  }
}
