package dev.watchtower.launcher.postgres.jdbc;

import dev.watchtower.launcher.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Files that PostgreSQL's write-ahead log goes on in. A server that has been busy keeps old ones to
 * write over, up to {@code min_wal_size}; a new one has none, makes one of 16 MB each time it needs
 * it, and lets every commit wait for that, some 50 ms. A flood would meet that three times a
 * second, so a reserve is made before one comes: old files are what it takes, and those are made by
 * beginning new ones.
 */
public final class LogReserve {
  /** With less room on the disk, in bytes, none is made. */
  private static final long ROOM = 10L << 30;

  /** Files behind the one that is written now, and how many are enough. */
  private static final String FILES =
      """
      select count(*) filter (where name > pg_walfile_name(pg_current_wal_insert_lsn())),
        (select setting::bigint from pg_settings where name = 'min_wal_size') * 1024 * 1024
          / (select setting::bigint from pg_settings where name = 'wal_segment_size')
      from pg_ls_waldir()
      where name ~ '^[0-9A-F]{24}$'
      """;

  private final PostgresServer server;
  private final SchemaRoles admin;

  /** A reserve of {@code server}. */
  public LogReserve(PostgresServer server, SchemaRoles admin) {
    this.server = server;
    this.admin = admin;
  }

  /**
   * Makes what is missing, if that is more than half; takes seconds. Returns early when the thread
   * is interrupted.
   *
   * @return the files that are ready
   * @throws IOException if the database refuses, or ends meanwhile
   */
  public int fill() throws IOException {
    try (var connection = admin.connect("postgres")) {
      var before = files(connection);
      if (before.ready() > before.enough() / 2
          || Files.getFileStore(server.directory()).getUsableSpace() < ROOM) {
        return before.ready();
      }
      try (var statement = connection.createStatement()) {
        for (int i = 0; i < before.enough() && !Thread.currentThread().isInterrupted(); i++) {
          // A file of which nothing was written is not left.
          statement.execute("select pg_logical_emit_message(false, 'watchtower', 'reserve')");
          statement.execute("select pg_switch_wal()");
        }
        statement.execute("checkpoint");
      }
      return files(connection).ready();
    } catch (SQLException e) {
      throw new IOException("no reserve for the database's log: " + e.getMessage(), e);
    }
  }

  private record FileCount(int ready, int enough) {}

  private static FileCount files(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(FILES)) {
      if (!rows.next()) {
        throw new SQLException("no row");
      }
      return new FileCount(rows.getInt(1), rows.getInt(2));
    }
  }
}
