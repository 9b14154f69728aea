package dev.watchtower.ingest.storage.jdbc;

import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.rollback;
import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.unavailable;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.storage.Chunk;
import dev.watchtower.ingest.storage.ChunkArchive;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Chunks in the table {@code chunk}, one partition a day of their last sample (UTC). */
public final class PgChunkArchive implements ChunkArchive {
  private static final int FETCH = 1000;
  private static final int SERIES_A_BATCH = 1000;

  private final DataSource dataSource;
  private final PgFence fence;

  /**
   * Uses connections whose search path finds the schema.
   *
   * @param fence shared with the log
   */
  public PgChunkArchive(DataSource dataSource, PgFence fence) {
    this.dataSource = dataSource;
    this.fence = fence;
  }

  @Override
  public void seal(List<Series> newSeries, Collection<Sealed> chunks, long throughPosition)
      throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      ChunkPartitions.create(connection, chunks);
      connection.setAutoCommit(false);
      try {
        fence.hold(connection);
        insertSeries(connection, newSeries);
        if (moveOn(connection, throughPosition)) {
          copy(connection, chunks, throughPosition);
        }
        connection.commit();
      } catch (SQLException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void insertSeries(Connection connection, List<Series> series) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "insert into series (id, labels) values (?, ?) on conflict do nothing")) {
      var waiting = 0;
      for (var one : series) {
        var pairs =
            one.labels().toMap().entrySet().stream()
                .flatMap(e -> java.util.stream.Stream.of(e.getKey(), e.getValue()))
                .toArray();
        statement.setLong(1, one.id());
        statement.setArray(2, connection.createArrayOf("text", pairs));
        statement.addBatch();
        if (++waiting == SERIES_A_BATCH) {
          statement.executeBatch();
          waiting = 0;
        }
      }
      statement.executeBatch();
    }
  }

  /** False if that position is sealed already: an earlier attempt was committed after all. */
  private static boolean moveOn(Connection connection, long through) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "update log_state set sealed_through = ? where sealed_through < ?")) {
      statement.setLong(1, through);
      statement.setLong(2, through);
      return statement.executeUpdate() == 1;
    }
  }

  private static void copy(Connection connection, Collection<Sealed> chunks, long position)
      throws SQLException {
    if (chunks.isEmpty()) {
      return;
    }
    var copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "copy chunk (series_id, min_ts, max_ts, position, samples, data)"
                    + " from stdin (format binary)");
    var rows = new BinaryRows(copy);
    for (var sealed : chunks) {
      var chunk = sealed.chunk();
      rows.row(6);
      rows.bigint(sealed.seriesId());
      rows.bigint(chunk.minTs());
      rows.bigint(chunk.maxTs());
      rows.bigint(position);
      rows.integer(chunk.samples());
      rows.bytes(chunk.data());
    }
    rows.end();
  }

  @Override
  public void loadSeries(SeriesTarget target) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.prepareStatement("select id, labels from series")) {
        statement.setFetchSize(FETCH);
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            var pairs = (String[]) rows.getArray(2).getArray();
            target.series(rows.getLong(1), Labels.of(pairs));
          }
        }
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void loadChunks(long endingFrom, ChunkTarget target) throws UnavailableException {
    query(
        "select series_id, min_ts, max_ts, samples, data from chunk where max_ts >= ?"
            + " order by position",
        statement -> statement.setLong(1, endingFrom),
        target);
  }

  @Override
  public void read(List<Series> series, long from, long to, ChunkTarget target)
      throws UnavailableException {
    query(
        "select series_id, min_ts, max_ts, samples, data from chunk where series_id = any(?)"
            + " and max_ts >= ? and max_ts <= ? and min_ts <= ? order by position",
        statement -> {
          var ids = series.stream().map(Series::id).toArray();
          statement.setArray(1, statement.getConnection().createArrayOf("bigint", ids));
          statement.setLong(2, from);
          statement.setLong(3, plus(to, Chunk.MAX_SPAN_MILLIS));
          statement.setLong(4, to);
        },
        target);
  }

  private static long plus(long time, long span) {
    return time > Long.MAX_VALUE - span ? Long.MAX_VALUE : time + span;
  }

  @FunctionalInterface
  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }

  private void query(String sql, Parameters parameters, ChunkTarget target)
      throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.prepareStatement(sql)) {
        statement.setFetchSize(FETCH);
        parameters.set(statement);
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            target.chunk(
                rows.getLong(1),
                new Chunk(rows.getLong(2), rows.getLong(3), rows.getInt(4), rows.getBytes(5)));
          }
        }
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public int dropBefore(long millis) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      return ChunkPartitions.dropBefore(connection, millis);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }
}
