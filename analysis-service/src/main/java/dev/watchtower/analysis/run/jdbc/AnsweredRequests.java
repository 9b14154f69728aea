package dev.watchtower.analysis.run.jdbc;

import dev.watchtower.common.problem.Problem;
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

  private record Answer(UUID id, UUID incidentId) {}

  /**
   * The analysis that answered the request when it was delivered before.
   *
   * @throws Problem 409 if the key came with another incident
   */
  Optional<UUID> by(UUID incident, @Nullable UUID key) {
    if (key == null) {
      return Optional.empty();
    }
    var answer =
        sql.sql(
                """
                select a.id, a.incident_id from answered_requests r
                join analyses a on a.id = r.analysis_id where r.key = :key
                """)
            .param("key", key)
            .query(Answer.class)
            .optional();
    if (answer.isPresent() && !answer.get().incidentId().equals(incident)) {
      throw Problem.of(
          409,
          "key-in-use",
          "This key is another request's",
          "The Idempotency-Key came with incident "
              + answer.get().incidentId()
              + " before: a request of its own needs a key of its own.");
    }
    return answer.map(Answer::id);
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
