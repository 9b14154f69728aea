package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Outcome;
import java.util.UUID;

/** Outcomes as answers. */
public final class Answers {
  private Answers() {}

  /**
   * What was done.
   *
   * @param id the incident that the request names
   * @throws Problem 404 or 409, with the reason
   */
  public static <T> T of(UUID id, Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T> done -> done.value();
      case Outcome.Unknown<T> u -> throw Refusals.unknown(id);
      case Outcome.Resolved<T> resolved ->
          throw Refusals.of(new Decision.Resolved(resolved.incident()));
      case Outcome.Missing<T> missing -> throw Problem.notFound(missing.what());
      case Outcome.Refused<T> refused ->
          throw Problem.of(409, "not-possible", "That is not possible", refused.why());
    };
  }
}
