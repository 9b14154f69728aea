package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.TransitionTable;
import java.util.UUID;

/** What the lifecycle refuses, as problems. */
public final class Refusals {
  private Refusals() {}

  /** 404. */
  public static Problem unknown(UUID id) {
    return Problem.notFound("There is no incident " + id + ".");
  }

  /** The problem for a refusal; it carries the state, the version and what is allowed. */
  public static Problem of(Decision.Refused refused) {
    var incident = refused.incident();
    var problem =
        switch (refused) {
          case Decision.Resolved r ->
              Problem.of(
                  409,
                  "incident-resolved",
                  "The incident is resolved",
                  "Incident #%d is resolved and does not change any more. If it is back, a new one opens."
                      .formatted(incident.number()));
          case Decision.Stale s ->
              Problem.of(
                  409,
                  "stale-version",
                  "Somebody else was faster",
                  "Incident #%d is %s now. Look at it again, then decide."
                      .formatted(incident.number(), incident.state()));
          case Decision.Illegal illegal ->
              Problem.of(
                  409, "illegal-transition", "Not allowed now", illegalDetail(illegal, incident));
          case Decision.CommentMissing c ->
              Problem.of(
                      422,
                      "comment-required",
                      "A comment is needed",
                      "Say why it is a false alarm: the comment goes onto the timeline.")
                  .fault("comment", "required for " + c.event());
        };
    return problem
        .with("state", incident.state())
        .with("version", incident.version())
        .with("allowed", TransitionTable.allowedFor(incident.state()));
  }

  private static String illegalDetail(Decision.Illegal illegal, Incident incident) {
    return TransitionTable.isSystemOnly(illegal.event())
        ? "%s is sent by the system only.".formatted(illegal.event())
        : "%s is not possible while incident #%d is %s."
            .formatted(illegal.event(), incident.number(), incident.state());
  }
}
