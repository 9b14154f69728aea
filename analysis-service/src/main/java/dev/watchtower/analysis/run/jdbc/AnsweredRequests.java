package dev.watchtower.analysis.run.jdbc;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which analysis answered a request, by the request's idempotency key, so that one that is
 * delivered again is answered with the same. Keys go with their analysis. A request without a key
 * is always a new one.
 */
final class AnsweredRequests {
  private final JdbcClient sql;

  AnsweredRequests(JdbcClient sql) {
    this.sql = sql;
  }

  /** The analysis that answered the request when it was delivered before. */
  Optional<UUID> by(UUID incident, @Nullable UUID key) {
    return key == null
        ? Optional.empty()
        : sql.sql(
                """
                select a.id from answered_requests r join analyses a on a.id = r.analysis_id
                where r.key = :key and a.incident_id = :incident
                """)
            .param("key", key)
            .param("incident", incident)
            .query(UUID.class)
            .optional();
  }

  /** Remembers what answers it; in the transaction of the caller. */
  void keep(@Nullable UUID key, UUID analysis) {
    if (key != null) {
      sql.sql(
              """
              insert into answered_requests (key, analysis_id) values (:key, :analysis)
              on conflict do nothing
              """)
          .param("key", key)
          .param("analysis", analysis)
          .update();
    }
  }
}
