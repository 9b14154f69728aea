package dev.watchtower.common.problem;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Recognises failures that mean "the database is not there just now", by SQLState class and by type
 * name, so that this works in services without a database too.
 */
final class DatabaseProblems {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private DatabaseProblems() {}

  static Optional<Problem> of(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (isOutage(at)) {
        return Optional.of(
            Problem.unavailable(
                "The database does not answer. Nothing was stored; try again.", RETRY));
      }
    }
    return Optional.empty();
  }

  private static boolean isOutage(Throwable at) {
    if (at instanceof SQLException sql && sql.getSQLState() != null) {
      // 08 connection, 53 no resources, 57P0x shutdown and crash: PostgreSQL, appendix A.
      var state = sql.getSQLState();
      return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
    }
    return switch (at.getClass().getSimpleName()) {
      case "CannotGetJdbcConnectionException",
          "CannotCreateTransactionException",
          "SQLTransientConnectionException",
          "DataAccessResourceFailureException",
          "JDBCConnectionException" ->
          true;
      default -> false;
    };
  }
}
