package dev.watchtower.ingest.storage.jdbc;

import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.isDamage;
import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.rollback;
import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.unavailable;

import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.storage.Blocks;
import dev.watchtower.ingest.storage.Chunk;
import dev.watchtower.ingest.storage.ChunkArchive;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import dev.watchtower.ingest.storage.Tier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Chunks and roll-ups in blocks of neighbouring series, a table for each tier, in partitions by
 * time.
 */
public final class PgChunkArchive implements ChunkArchive {
  private static final System.Logger LOG = System.getLogger(PgChunkArchive.class.getName());

  /**
   * Blocks that are in memory at a time, for each who reads. One of 32 series with a sample a
   * second has 60 to 500 KB for the half hour that is sealed at once.
   */
  private static final int FETCH = 50;

  private static final int SERIES_A_BATCH = 1000;

  /** How much larger than on disk chunks are at most, but for those that hardly change. */
  private static final int INFLATED = 3;

  /** Beside the bytes of their data, the chunks of a block take about so many in memory. */
  private static final int CHUNKS_BYTES = Blocks.MOST_SERIES * Chunk.OVERHEAD;

  private final DataSource dataSource;
  private final PgFence fence;
  private volatile Map<Long, Long> sameAs = Map.of();

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
  public void seal(List<Series> newSeries, Cut cut, long throughPosition)
      throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        fence.hold(connection);
        for (var tier : Tier.values()) {
          Partitions.create(connection, tier, cut.partitions(tier));
        }
        insertSeries(connection, newSeries);
        if (moveOn(connection, throughPosition)) {
          for (var parts = cut.parts(); parts.hasNext(); ) {
            copy(connection, parts.next(), throughPosition);
          }
        }
        markSeen(connection, cut.seen());
        connection.commit();
      } catch (SQLException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static void copy(Connection connection, Map<Tier, List<Sealed>> part, long position)
      throws SQLException {
    for (var tier : part.entrySet()) {
      copy(connection, tier.getKey(), Blocks.pack(tier.getKey(), tier.getValue()), position);
    }
  }

  private static void markSeen(Connection connection, Map<Integer, List<Long>> seen)
      throws SQLException {
    try (var statement =
        connection.prepareStatement("update series set last_day = ? where id = any(?)")) {
      for (var day : seen.entrySet()) {
        statement.setInt(1, day.getKey());
        statement.setArray(2, connection.createArrayOf("bigint", day.getValue().toArray()));
        statement.executeUpdate();
      }
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

  /**
   * False if that position is sealed already: an earlier attempt was committed after all. What is
   * behind it in the log, the process that opened it last has taken.
   */
  private static boolean moveOn(Connection connection, long through) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "update log_state set sealed_through = ? where sealed_through < ?")) {
      statement.setLong(1, through);
      statement.setLong(2, through);
      return statement.executeUpdate() == 1;
    }
  }

  private static void copy(
      Connection connection, Tier tier, List<Blocks.Block> blocks, long position)
      throws SQLException {
    if (blocks.isEmpty()) {
      return;
    }
    var copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "copy "
                    + Partitions.table(tier)
                    + " (block, min_ts, max_ts, position, samples, data)"
                    + " from stdin (format binary)");
    var rows = new BinaryRows(copy);
    for (var block : blocks) {
      rows.row(6);
      rows.bigint(block.number());
      rows.bigint(block.minTs());
      rows.bigint(block.maxTs());
      rows.bigint(position);
      rows.integer(block.samples());
      rows.bytes(block.data());
    }
    rows.end();
  }

  @Override
  public SeriesFound loadSeries(SeriesTarget target) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      return loadSeries(connection, target);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private SeriesFound loadSeries(Connection connection, SeriesTarget target) throws SQLException {
    List<String> unreadable = List.of();
    SeriesRows.Loaded loaded;
    try {
      loaded = SeriesRows.load(connection, fence, target);
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      LOG.log(System.Logger.Level.ERROR, "the table series is damaged and is made anew", e);
      unreadable = SeriesSalvage.run(connection, fence);
      // What it gave already it gives again.
      loaded = SeriesRows.load(connection, fence, target);
    }
    sameAs = loaded.sameAs();
    var damage = new ArrayList<>(unreadable);
    damage.addAll(loaded.found().damage());
    return new SeriesFound(loaded.found().highest(), loaded.found().quarantined(), damage);
  }

  /** The numbers under which chunks of a series may lie, besides its own. */
  private Set<Long> withOthers(Set<Long> ids) {
    var all = new HashSet<>(ids);
    sameAs.forEach((other, id) -> {
      if (ids.contains(id)) {
        all.add(other);
      }
    });
    return all;
  }

  private ChunkTarget named(ChunkTarget target) {
    var others = sameAs;
    return others.isEmpty()
        ? target
        : (id, chunk) -> target.chunk(others.getOrDefault(id, id), chunk);
  }

  @Override
  public long recentBytes(long endingFrom) throws UnavailableException {
    try (var connection = dataSource.getConnection();
        var statement =
            connection.prepareStatement(
                "select coalesce(sum(octet_length(data)), 0) * ? + count(*) * ? from block"
                    + " where max_ts >= ?")) {
      statement.setLong(1, INFLATED);
      statement.setLong(2, CHUNKS_BYTES);
      statement.setLong(3, endingFrom);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void loadChunks(long endingFrom, ChunkTarget target) throws UnavailableException {
    var named = named(target);
    query(
        "select data from block where max_ts >= ? order by position",
        statement -> statement.setLong(1, endingFrom),
        id -> true,
        (id, chunk) -> {
          if (chunk.maxTs() >= endingFrom) {
            named.chunk(id, chunk);
          }
        });
  }

  @Override
  public void read(Tier tier, List<Series> series, long from, long to, ChunkTarget target)
      throws UnavailableException {
    var wanted = withOthers(series.stream().map(Series::id).collect(Collectors.toSet()));
    var named = named(target);
    query(
        "select data from "
            + Partitions.table(tier)
            + " where block = any(?) and max_ts >= ? and max_ts <= ? and min_ts <= ?"
            + " order by position",
        statement -> {
          var numbers =
              wanted.stream().map(Blocks::number).distinct().sorted().toArray(Long[]::new);
          statement.setArray(1, statement.getConnection().createArrayOf("bigint", numbers));
          statement.setLong(2, from);
          statement.setLong(3, plus(to, tier.rowMillis()));
          statement.setLong(4, to);
        },
        wanted::contains,
        (id, chunk) -> {
          if (chunk.maxTs() >= from && chunk.minTs() <= to) {
            named.chunk(id, chunk);
          }
        });
  }

  private static long plus(long time, long span) {
    return time > Long.MAX_VALUE - span ? Long.MAX_VALUE : time + span;
  }

  @FunctionalInterface
  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }

  private void query(String sql, Parameters parameters, LongPredicate wanted, ChunkTarget target)
      throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.prepareStatement(sql)) {
        statement.setFetchSize(FETCH);
        parameters.set(statement);
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            unpack(rows.getBytes(1), wanted, target);
          }
        }
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** A damaged block is passed over: what else there is, is of use without it. */
  private static void unpack(byte[] data, LongPredicate wanted, ChunkTarget target) {
    try {
      Blocks.unpack(data, wanted, target);
    } catch (IllegalArgumentException e) {
      LOG.log(System.Logger.Level.ERROR, "a block of the archive is passed over", e);
    }
  }

  @Override
  public List<Partition> partitions() throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      return Partitions.list(connection);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public long drop(Partition partition) throws UnavailableException {
    long samples;
    try (var connection = dataSource.getConnection()) {
      samples = Partitions.samples(connection, partition);
    } catch (SQLException e) {
      // Damaged, or its file is gone: of no use, and it would keep its room for good.
      samples = 0;
    }
    var unused = fence.write(dataSource, connection -> Partitions.drop(connection, partition));
    return samples;
  }

  @Override
  public Map<Tier, Long> droppedThrough() throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      return Partitions.droppedThrough(connection);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public long retentionTime() throws UnavailableException {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select retention_millis from log_state")) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void retentionTime(long millis) throws UnavailableException {
    var unused = fence.write(dataSource, connection -> retentionTime(connection, millis));
  }

  private static int retentionTime(Connection connection, long millis) throws SQLException {
    try (var statement = connection.prepareStatement("update log_state set retention_millis = ?")) {
      statement.setLong(1, millis);
      return statement.executeUpdate();
    }
  }

  @Override
  public void removeSeries(List<Long> ids) throws UnavailableException {
    var unused = fence.write(dataSource, connection -> removeSeries(connection, ids));
  }

  /** Their numbers stay theirs: blocks may have samples of them still. */
  private static int removeSeries(Connection connection, List<Long> ids) throws SQLException {
    try (var keep =
            connection.prepareStatement(
                "update log_state set highest_series ="
                    + " greatest(highest_series, (select max(id) from series))");
        var remove =
            connection.prepareStatement(
                "with others as (delete from series_quarantine where same_as = any(?))"
                    + " delete from series where id = any(?)")) {
      keep.executeUpdate();
      var numbers = connection.createArrayOf("bigint", ids.toArray());
      remove.setArray(1, numbers);
      remove.setArray(2, numbers);
      return remove.executeUpdate();
    }
  }
}
