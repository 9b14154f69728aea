package dev.watchtower.incident.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells failures of the database as a whole from those of what was to be stored. */
public final class Outages {
  private Outages() {}

  /** Whether the database does not answer or refuses connections. */
  public static boolean isOutage(RuntimeException failure) {
    for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof DataAccessResourceFailureException
          || at instanceof CannotCreateTransactionException
          || (at instanceof SQLException sql && isOutage(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  // 08 connection, 53 no resources, 57P shut down or crashed: PostgreSQL, appendix A.
  private static boolean isOutage(@Nullable String state) {
    return state != null
        && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P"));
  }
}
