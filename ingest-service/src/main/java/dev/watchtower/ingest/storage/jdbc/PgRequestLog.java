package dev.watchtower.ingest.storage.jdbc;

import dev.watchtower.ingest.storage.RequestLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** The request log in the table {@code write_log}, one partition a segment. */
public final class PgRequestLog implements RequestLog {
  /** Parts held in memory at a time while replaying. */
  private static final int REPLAY_FETCH = 256;

  /**
   * Bytes of bodies that are worth a second copy; with more, {@code COPY} sends them as they are.
   */
  private static final long MOST_INSERTED = 1 << 20;

  /** How long to wait for a commit of which nothing is heard any more. */
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(5);

  /** How long to wait for whoever reads a segment that is to be emptied: a backup takes hours. */
  private static final Duration READER_LIMIT = Duration.ofSeconds(1);

  /** SQLSTATE of a lock that was not to be had in time. */
  private static final String LOCKED = "55P03";

  /** SQLSTATE of an input or output error, and the class of internal errors, damage among them. */
  private static final String IO_ERROR = "58030";

  private static final String INTERNAL = "XX";

  private final DataSource dataSource;
  private final PgFence fence;

  /** What opening met, where that was damage; it may have been mended since. */
  private @Nullable String damage;

  /**
   * Uses connections whose search path finds the schema.
   *
   * @param fence shared with the archive
   */
  public PgRequestLog(DataSource dataSource, PgFence fence) {
    this.dataSource = dataSource;
    this.fence = fence;
  }

  /** The first and the last position of a segment; zeros if there is none. */
  record Range(long first, long last) {
    boolean isEmpty() {
      return last == 0;
    }
  }

  @Override
  public State open() throws UnavailableException {
    long sealed;
    Range[] ranges;
    try (var connection = dataSource.getConnection()) {
      fence.take(connection);
      sealed = sealedThrough(connection);
      ranges = ranges(connection);
    } catch (SQLException e) {
      throw unavailable(e);
    }
    for (var segment = 0; segment < 2; segment++) {
      var range = ranges[segment];
      if (!range.isEmpty() && range.last() <= sealed && empty(segment)) {
        ranges[segment] = new Range(0, 0);
      }
    }
    // One that could not be emptied may be gone on with, behind what is sealed.
    var active = ranges[1].last() > ranges[0].last() ? 1 : 0;
    var last = Math.max(sealed, ranges[active].last());
    return new State(last, sealed, active, ranges[1 - active].isEmpty());
  }

  private Range[] ranges(Connection connection) throws SQLException {
    damage = null;
    try {
      return new Range[] {range(connection, 0), range(connection, 1)};
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      damage = unavailable(e).getMessage();
      return new Range[] {
        LogSalvage.of(connection, 0).range(), LogSalvage.of(connection, 1).range()
      };
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
  public boolean replay(long sealedThrough, Replay target) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      var parts = new LogParts(target, sealedThrough);
      var found = damage;
      if (found != null) {
        target.damaged("'" + found + "'");
      }
      try {
        playInOrder(connection, parts);
        // What comes next could lie where index entries of rows that are gone lead.
        return found != null || parts.isIncomplete();
      } catch (SQLException e) {
        if (!isDamage(e)) {
          throw e;
        }
        target.damaged("'" + unavailable(e).getMessage() + "'");
        // What was played already is not played again.
        LogSalvage.play(connection, parts, target);
        return true;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void playInOrder(Connection connection, LogParts parts) throws SQLException {
    // One segment is wholly before the other.
    var first = range(connection, 0);
    var second = range(connection, 1);
    var swapped = !second.isEmpty() && (first.isEmpty() || second.first() < first.first());
    connection.setAutoCommit(false);
    try {
      play(connection, swapped ? 1 : 0, parts);
      play(connection, swapped ? 0 : 1, parts);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static void play(Connection connection, int segment, LogParts parts) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select "
                + LogParts.COLUMNS
                + " from write_log where segment = ? and position > ? order by position, part")) {
      statement.setFetchSize(REPLAY_FETCH);
      statement.setInt(1, segment);
      statement.setLong(2, parts.playedThrough());
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          parts.add(rows);
        }
        parts.end();
      }
    }
  }

  @Override
  public void append(int segment, List<Entry> entries) throws UnavailableException {
    var bytes = entries.stream().mapToLong(entry -> entry.body().length).sum();
    if (bytes > MOST_INSERTED) {
      var unused = fence.write(dataSource, connection -> append(connection, segment, entries));
      return;
    }
    var insert = new LogInsert(entries);
    try (var connection = dataSource.getConnection()) {
      insert.into(connection, table(segment), segment, fence);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static int append(Connection connection, int segment, List<Entry> entries)
      throws SQLException {
    var rows =
        new BinaryRows(
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                    "copy "
                        + table(segment)
                        + " (position, part, segment, format, samples, crc, body)"
                        + " from stdin (format binary)"));
    for (var entry : entries) {
      write(entry, segment, rows);
    }
    rows.end();
    return entries.size();
  }

  private static void write(Entry entry, int segment, BinaryRows rows) throws SQLException {
    var body = entry.body();
    var part = 0;
    var from = 0;
    do {
      var length = Math.min(LogParts.BYTES, body.length - from);
      rows.row(7);
      rows.bigint(entry.position());
      rows.smallint(part++);
      rows.smallint(segment);
      rows.smallint(entry.format());
      rows.integer(entry.samples());
      rows.integer(LogParts.crc(body, from, length));
      rows.bytes(body, from, length);
      from += length;
    } while (from < body.length);
  }

  @Override
  public void discardAfter(int segment, long position) throws UnavailableException {
    var unused = fence.write(dataSource, connection -> discardAfter(connection, segment, position));
  }

  /**
   * Rows of a commit that is still under way cannot be seen, and would come after all. So it waits
   * for whoever writes to the segment; the other one, which may be sealed meanwhile, is left alone.
   */
  private static int discardAfter(Connection connection, int segment, long position)
      throws SQLException {
    var table = table(segment);
    try (var statement = connection.createStatement()) {
      statement.execute("set local lock_timeout = '" + LOCK_LIMIT.toMillis() + "ms'");
      statement.execute("lock table " + table + " in share row exclusive mode");
    }
    try (var statement =
        connection.prepareStatement(
            "delete from " + table + " where segment = ? and position > ?")) {
      statement.setInt(1, segment);
      statement.setLong(2, position);
      return statement.executeUpdate();
    }
  }

  private static String table(int segment) {
    return segment == 0 ? "write_log_0" : "write_log_1";
  }

  /** May be called beside the other methods, for the segment that is not written to. */
  @Override
  public boolean empty(int segment) throws UnavailableException {
    try {
      var unused = fence.write(dataSource, connection -> truncate(connection, segment));
      return true;
    } catch (LockedException e) {
      return false;
    }
  }

  private static boolean truncate(Connection connection, int segment) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("set local lock_timeout = '" + READER_LIMIT.toMillis() + "ms'");
      return statement.execute("truncate " + table(segment));
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
    var message = String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    if (LOCKED.equals(e.getSQLState())) {
      return new LockedException(message, e);
    }
    return isDamage(e) ? new DamagedException(message, e) : new UnavailableException(message, e);
  }

  /** Whether PostgreSQL says that it cannot read what lies on its disk. */
  static boolean isDamage(SQLException e) {
    var state = e.getSQLState();
    return state != null && (state.startsWith(INTERNAL) || state.equals(IO_ERROR));
  }
}
