package dev.watchtower.ingest.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Lets only the process that opened storage last write to it: each opening takes the next epoch,
 * and every transaction that writes holds the epoch it was opened under. A process that was thought
 * dead and is not can do no harm.
 */
public final class PgFence {
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
    try (var statement =
        connection.prepareStatement(
            "select set_config('synchronous_commit', 'on', true) from log_owner where epoch = ?"
                + " for share")) {
      statement.setLong(1, epoch);
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("another ingest-service has taken over this database");
        }
      }
    }
  }
}
