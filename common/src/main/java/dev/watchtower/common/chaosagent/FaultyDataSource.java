package dev.watchtower.common.chaosagent;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The process's own database, as slow or unreachable as the leases in force want it; its health
 * check included.
 */
final class FaultyDataSource extends DelegatingDataSource {
  /** "Connection could not be established", SQL standard class 08. */
  private static final String UNREACHABLE = "08001";

  private final LeaseBook book;
  private final RandomGenerator random;

  FaultyDataSource(DataSource target, LeaseBook book, RandomGenerator random) {
    super(target);
    this.book = book;
    this.random = random;
  }

  @Override
  public Connection getConnection() throws SQLException {
    refuseOrDelay();
    return slowed(super.getConnection());
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    refuseOrDelay();
    return slowed(super.getConnection(username, password));
  }

  private void refuseOrDelay() throws SQLException {
    if (book.faults(Fault.DbDown.class).findAny().isPresent()
        || book.faults(Fault.DbErrors.class).anyMatch(e -> random.nextDouble() < e.ratio())) {
      throw new SQLTransientConnectionException("Connection refused", UNREACHABLE);
    }
    book.faults(Fault.DbLatency.class).forEach(l -> Delays.hold(book, l, l.delay()));
  }

  private Connection slowed(Connection connection) throws SQLException {
    for (var query : book.faults(Fault.SlowQuery.class).toList()) {
      try (var statement = connection.prepareStatement("select pg_sleep(?)")) {
        // In steps, so that it ends with its lease.
        for (long left = query.time().toMillis(); left > 0 && book.isActive(query); left -= 250) {
          statement.setDouble(1, Math.min(left, 250) / 1000.0);
          statement.execute();
        }
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }
    return connection;
  }
}
