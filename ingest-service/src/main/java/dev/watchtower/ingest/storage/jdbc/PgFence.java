package dev.watchtower.ingest.storage.jdbc;

import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.rollback;
import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.unavailable;

import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Lets only the process that opened storage last write to it: each opening takes the next epoch,
 * and every transaction that writes holds the epoch it was opened under. A process that was thought
 * dead and is not can do no harm.
 */
public final class PgFence {
  /** What is done in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** Has one row as long as the epoch, its parameter, is held, until the transaction ends. */
  static final String HOLD =
      "select set_config('synchronous_commit', 'on', true) from log_owner where epoch = ?"
          + " for share";

  private volatile long epoch = -1;

  /** Takes over; waits for what the one before is writing. */
  void take(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery("update log_owner set epoch = epoch + 1 returning epoch")) {
      if (!rows.next()) {
        throw new SQLException("the table log_owner is empty");
      }
      epoch = rows.getLong(1);
    }
  }

  /**
   * Call it first in each transaction that writes. It also has the commit wait for the disk, which
   * the acknowledgement promises: servers may be set up otherwise, the embedded one by default is.
   */
  void hold(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(HOLD)) {
      bind(statement, 1);
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw lost();
        }
      }
    }
  }

  /** Sets the parameter of {@link #HOLD}. */
  void bind(PreparedStatement statement, int parameter) throws SQLException {
    statement.setLong(parameter, epoch);
  }

  /** What is said where {@link #HOLD} has no row. */
  static SQLException lost() {
    return new SQLException("another ingest-service has taken over this database");
  }

  /** Whether the database answers, and no other process has taken over since. */
  public boolean isHeld(DataSource dataSource) {
    try (var connection = dataSource.getConnection();
        var statement = connection.prepareStatement("select 1 from log_owner where epoch = ?")) {
      statement.setLong(1, epoch);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      // That it does not answer is the answer.
      return false;
    }
  }

  /** Does the work in a transaction of its own that holds the epoch: all of it or nothing. */
  public <T> T write(DataSource dataSource, Work<T> work) throws UnavailableException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        hold(connection);
        var result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }
}
