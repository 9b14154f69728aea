package dev.watchtower.ingest.detection.anomaly.jdbc;

import dev.watchtower.ingest.detection.anomaly.SavedModels;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The table {@code anomaly_model}. Only the process that opened storage last writes to it, so a
 * process that was thought dead and is not puts no old models in the place of new ones.
 */
public final class JdbcSavedModels implements SavedModels {
  /** No models are as long; such a row is passed over. */
  private static final int LONGEST = 1 << 20;

  private final DataSource dataSource;
  private final PgFence fence;

  /**
   * On that database.
   *
   * @param fence shared with storage
   */
  public JdbcSavedModels(DataSource dataSource, PgFence fence) {
    this.dataSource = dataSource;
    this.fence = fence;
  }

  @Override
  public Optional<byte[]> load(ServiceKey key) {
    if (!isStorable(key)) {
      return Optional.empty();
    }
    try (var connection = dataSource.getConnection();
        var statement =
            connection.prepareStatement(
                "select state from anomaly_model"
                    + " where service = ? and env = ? and octet_length(state) <= ?")) {
      statement.setString(1, key.service());
      statement.setString(2, key.env());
      statement.setInt(3, LONGEST);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void save(ServiceKey key, long at, byte[] packed) {
    if (isStorable(key)) {
      write(connection -> save(connection, key, at, packed));
    }
  }

  private static int save(Connection connection, ServiceKey key, long at, byte[] packed)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            insert into anomaly_model (service, env, last_step, state)
            values (?, ?, ?, ?)
            on conflict (service, env) do update
            set last_step = excluded.last_step, state = excluded.state
            """)) {
      statement.setString(1, key.service());
      statement.setString(2, key.env());
      statement.setLong(3, at);
      statement.setBytes(4, packed);
      return statement.executeUpdate();
    }
  }

  @Override
  public int clean(long before) {
    return write(connection -> clean(connection, before));
  }

  private static int clean(Connection connection, long before) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            delete from anomaly_model where last_step < ? or (service, env) in
              (select service, env from anomaly_model order by last_step desc offset ?)
            """)) {
      statement.setLong(1, before);
      statement.setInt(2, MOST);
      return statement.executeUpdate();
    }
  }

  private int write(PgFence.Work<Integer> work) {
    try {
      return fence.write(dataSource, work);
    } catch (UnavailableException e) {
      throw unavailable(e);
    }
  }

  private static StoreUnavailableException unavailable(Exception e) {
    return new StoreUnavailableException("models: " + e.getMessage(), e);
  }

  /** PostgreSQL keeps no NUL, and no half of a pair of surrogates. */
  private static boolean isStorable(ServiceKey key) {
    String text = key.service() + '\n' + key.env();
    return text.indexOf(0) < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
