package dev.watchtower.ingest.storage.jdbc;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.ChunkArchive.SeriesFound;
import dev.watchtower.ingest.storage.ChunkArchive.SeriesTarget;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table of series. A row that cannot be used goes to {@code series_quarantine} with the
 * reason, and the rest goes on: one whose labels cannot be read, one whose number another row has,
 * and one whose labels another row has, whose samples are then read as that one's.
 */
final class SeriesRows {
  private static final int FETCH = 500;

  /**
   * What is to be done about a row.
   *
   * @param place its place in the table
   * @param sameAs the series that has its labels; null if the row says nothing
   */
  private record Bad(String place, long id, @Nullable Long sameAs, String why) {
    String words() {
      return "series " + id + ": " + why;
    }
  }

  /**
   * What was found.
   *
   * @param sameAs the numbers of quarantined series whose labels another one has, and its number
   */
  record Loaded(SeriesFound found, Map<Long, Long> sameAs) {
    Loaded {
      sameAs = Map.copyOf(sameAs);
    }
  }

  private final Connection connection;
  private final PgFence fence;
  private final List<Bad> bad = new ArrayList<>();
  private long highest;
  private long previous = Long.MIN_VALUE;

  private SeriesRows(Connection connection, PgFence fence) {
    this.connection = connection;
    this.fence = fence;
  }

  /** Gives all series to the target; what cannot be used is out of the way afterwards. */
  static Loaded load(Connection connection, PgFence fence, SeriesTarget target)
      throws SQLException {
    var rows = new SeriesRows(connection, fence);
    connection.setAutoCommit(false);
    try {
      rows.read(target);
    } finally {
      connection.rollback();
    }
    if (!rows.bad.isEmpty()) {
      rows.quarantine();
    }
    return rows.loaded();
  }

  private void read(SeriesTarget target) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "select id, labels, last_day, ctid::text from series order by id")) {
      statement.setFetchSize(FETCH);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          read(row, target);
        }
      }
    }
  }

  private void read(ResultSet row, SeriesTarget target) throws SQLException {
    var id = row.getLong(1);
    highest = Math.max(highest, id);
    if (id == previous) {
      bad.add(new Bad(row.getString(4), id, null, "its number stands twice"));
      return;
    }
    var labels = labels(row.getArray(2).getArray());
    if (labels.isEmpty()) {
      bad.add(new Bad(row.getString(4), id, null, "its labels cannot be read"));
      return;
    }
    previous = id;
    var known = target.series(id, labels.get(), row.getInt(3));
    if (known != id) {
      bad.add(new Bad(row.getString(4), id, known, "series " + known + " has its labels"));
    }
  }

  private static Optional<Labels> labels(Object array) {
    if (!(array instanceof String[] pairs)) {
      return Optional.empty();
    }
    for (var text : pairs) {
      if (text == null) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(Labels.of(pairs)).filter(labels -> !labels.metricName().isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void quarantine() throws SQLException {
    try {
      fence.hold(connection);
      try (var keep =
              connection.prepareStatement(
                  "insert into series_quarantine (id, labels, last_day, same_as, why)"
                      + " select id, labels, last_day, ?, ? from series where ctid = ?::tid");
          var remove = connection.prepareStatement("delete from series where ctid = ?::tid")) {
        for (var one : bad) {
          keep.setObject(1, one.sameAs(), java.sql.Types.BIGINT);
          keep.setString(2, one.why());
          keep.setString(3, one.place());
          keep.executeUpdate();
          remove.setString(1, one.place());
          remove.executeUpdate();
        }
      }
      keepAsLongAsTheirDoubles();
      connection.commit();
    } catch (SQLException e) {
      PgRequestLog.rollback(connection, e);
      throw e;
    }
  }

  /** A series has the samples of its doubles too, and is there for as long as any of them. */
  private void keepAsLongAsTheirDoubles() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(
          "update series set last_day = others.last_day"
              + " from (select same_as, max(last_day) as last_day from series_quarantine"
              + " where same_as is not null group by same_as) others"
              + " where series.id = others.same_as and series.last_day < others.last_day");
    }
  }

  private Loaded loaded() throws SQLException {
    var sameAs = new HashMap<Long, Long>();
    var unknown = 0;
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select highest_series from log_state")) {
      row.next();
      highest = Math.max(highest, row.getLong(1));
    }
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select id, same_as from series_quarantine")) {
      while (row.next()) {
        highest = Math.max(highest, row.getLong(1));
        var other = row.getLong(2);
        if (row.wasNull()) {
          unknown++;
        } else {
          sameAs.put(row.getLong(1), other);
        }
      }
    } finally {
      connection.rollback();
    }
    return new Loaded(
        new SeriesFound(highest, unknown, bad.stream().map(Bad::words).toList()), sameAs);
  }
}
