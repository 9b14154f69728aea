package dev.watchtower.common.problem;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises what the database refuses to take, and failures that mean "it is not there just now",
 * by SQLState class and by type name, so that this works in services without a database too. SQLite
 * has codes of its own in place of SQLStates.
 */
public final class DatabaseProblems {
  private static final Duration RETRY = Duration.ofSeconds(2);

  /** character_not_in_repertoire: the only one that a Java text can hold. */
  private static final String CHARACTER_ZERO = "22021";

  /** undefined_table, invalid_schema_name: the service answers before its first migration ended. */
  private static final Set<String> NOT_SET_UP = Set.of("42P01", "3F000");

  private DatabaseProblems() {}

  /** What to answer; empty where {@code thrown} tells of nothing of the kind. */
  public static Optional<Problem> of(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && CHARACTER_ZERO.equals(sql.getSQLState())) {
        return Optional.of(
            Problem.badRequest("The character zero can neither be stored nor looked for."));
      }
      if (at instanceof SQLException sql && sql.getSQLState() == null) {
        var fault = ofSqlite(sql.getErrorCode());
        if (fault.isPresent()) {
          return fault;
        }
      }
      if (isOutage(at)) {
        return Optional.of(
            // It may have died at the commit: whether that was done is not known.
            Problem.unavailable(
                "The database does not answer. If this was a change, look whether it was stored"
                    + " before you try again.",
                RETRY));
      }
    }
    return Optional.empty();
  }

  /** By SQLite's primary result codes. */
  private static Optional<Problem> ofSqlite(int code) {
    var detail =
        switch (code) {
          case 5 -> "The database is busy with something else.";
          case 8 -> "The database's file cannot be written: nothing was stored.";
          case 10 ->
              "The database's file cannot be read or written: the disk may be full or broken. If"
                  + " this was a change, look whether it was stored before you try again.";
          case 13 -> "The disk is full: nothing was stored.";
          default -> "";
        };
    return detail.isEmpty() ? Optional.empty() : Optional.of(Problem.unavailable(detail, RETRY));
  }

  private static boolean isOutage(Throwable at) {
    if (at instanceof SQLException sql && sql.getSQLState() != null) {
      // 08 connection, 53 no resources, 57P0x shutdown and crash: PostgreSQL, appendix A.
      var state = sql.getSQLState();
      return state.startsWith("08")
          || state.startsWith("53")
          || state.startsWith("57P")
          || NOT_SET_UP.contains(state);
    }
    return switch (at.getClass().getSimpleName()) {
      case "CannotGetJdbcConnectionException",
          "CannotCreateTransactionException",
          "SQLTransientConnectionException",
          "DataAccessResourceFailureException",
          "JDBCConnectionException" ->
          true;
      // What went wrong before hides behind a rollback that fails, which it does without a
      // connection only.
      case "TransactionSystemException", "JpaSystemException" ->
          String.valueOf(at.getMessage()).contains("roll");
      default -> false;
    };
  }
}
