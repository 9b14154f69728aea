package dev.watchtower.ingest.storage.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions that hold the epoch: what a process that was replaced would still write fails as if
 * the database were away. So it does before storage is open. Thread-safe.
 */
public final class FencedTransactions implements TransactionOperations {
  private final DataSource dataSource;
  private final PgFence fence;
  private final TransactionTemplate transaction;

  /**
   * On that database.
   *
   * @param fence shared with storage
   * @param transactions those of that data source
   */
  public FencedTransactions(
      DataSource dataSource, PgFence fence, PlatformTransactionManager transactions) {
    this.dataSource = dataSource;
    this.fence = fence;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataAccessResourceFailureException if another process has taken over
   */
  @Override
  public <T> T execute(TransactionCallback<T> action) {
    return transaction.execute(status -> {
      hold();
      return action.doInTransaction(status);
    });
  }

  private void hold() {
    var connection = DataSourceUtils.getConnection(dataSource);
    try {
      fence.hold(connection);
    } catch (SQLException e) {
      throw new DataAccessResourceFailureException(String.valueOf(e.getMessage()), e);
    } finally {
      // Given back to the transaction, which goes on with it.
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }
}
