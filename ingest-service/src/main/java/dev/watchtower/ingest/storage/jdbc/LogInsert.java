package dev.watchtower.ingest.storage.jdbc;

import dev.watchtower.ingest.storage.RequestLog.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * Requests on their way to the log in one statement, which is a transaction of its own and holds
 * the epoch: once to the server and back, where a fenced transaction with {@code COPY} takes four
 * times. It keeps a second copy of their bodies. Not thread-safe.
 */
final class LogInsert {
  /** What is held stands first, and once, however many rows there are. */
  private static final String SQL =
      """
      with held as materialized (%s)
      insert into %s (position, part, segment, format, samples, crc, body)
      select r.position, r.part, %d, r.format, r.samples, r.crc, r.body
      from held, unnest(?, ?, ?, ?, ?, ?) as r (position, part, format, samples, crc, body)
      """;

  private final long[] positions;
  private final short[] parts;
  private final short[] formats;
  private final int[] samples;
  private final int[] crcs;
  private final byte[][] bodies;

  /** Of all these. */
  LogInsert(List<Entry> entries) {
    var rows = entries.stream().mapToInt(LogInsert::rows).sum();
    positions = new long[rows];
    parts = new short[rows];
    formats = new short[rows];
    samples = new int[rows];
    crcs = new int[rows];
    bodies = new byte[rows][];
    var row = 0;
    for (var entry : entries) {
      var body = entry.body();
      for (var part = 0; part < rows(entry); part++, row++) {
        var from = part * LogParts.BYTES;
        var length = Math.min(LogParts.BYTES, body.length - from);
        positions[row] = entry.position();
        parts[row] = (short) part;
        formats[row] = (short) entry.format();
        samples[row] = entry.samples();
        crcs[row] = LogParts.crc(body, from, length);
        bodies[row] = Arrays.copyOfRange(body, from, from + length);
      }
    }
  }

  private static int rows(Entry entry) {
    return Math.max(1, Math.ceilDiv(entry.body().length, LogParts.BYTES));
  }

  /**
   * Adds them; when it returns they are on disk, all of them.
   *
   * @param connection one that commits each statement
   * @param table the partition of {@code segment}
   * @throws SQLException also if another process has taken over: then nothing was added
   */
  void into(Connection connection, String table, int segment, PgFence fence) throws SQLException {
    var postgres = connection.unwrap(PGConnection.class);
    try (var statement = connection.prepareStatement(SQL.formatted(PgFence.HOLD, table, segment))) {
      fence.bind(statement, 1);
      statement.setArray(2, postgres.createArrayOf("int8", positions));
      statement.setArray(3, postgres.createArrayOf("int2", parts));
      statement.setArray(4, postgres.createArrayOf("int2", formats));
      statement.setArray(5, postgres.createArrayOf("int4", samples));
      statement.setArray(6, postgres.createArrayOf("int4", crcs));
      statement.setArray(7, postgres.createArrayOf("bytea", bodies));
      if (statement.executeUpdate() != positions.length) {
        throw PgFence.lost();
      }
    }
  }
}
