package dev.watchtower.ingest.query.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.SharedQueries;

/** What is answered, as a problem, where a query has no answer. */
public final class QueryProblems {
  private QueryProblems() {}

  /** 400 for a wrong question, 422 for one that cannot be answered, 503 for one at a bad time. */
  public static Problem of(QueryException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case BAD_DATA -> Problem.badRequest(message);
      case EXECUTION -> Problem.of(422, "query-failed", "No answer", message);
      case TIMEOUT, UNAVAILABLE -> Problem.unavailable(message, SharedQueries.WAIT);
    };
  }
}
