package dev.watchtower.chaos.run.http;

import dev.watchtower.chaos.run.Holder.Outcome;
import dev.watchtower.common.problem.Texts;
import dev.watchtower.common.wire.SignalBounds;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a target or the supervisor answered, in words: it is kept with the run and read by people,
 * so of a problem only what it says to them.
 */
final class Answer {
  private static final int MOST_SAID = 200;
  private static final String LEASE_ENDED = "/problems/lease-ended";
  private static final JsonMapper JSON = new JsonMapper();

  private Answer() {}

  /** What an answer means. */
  static Outcome outcome(int status, String body) {
    var problem = problem(body);
    var said = words(status, body, problem);
    if (status >= 500) {
      return new Outcome.NoAnswer(said);
    }
    if (status < 300) {
      return new Outcome.Done();
    }
    if (problem.path("type").asString("").equals(LEASE_ENDED)) {
      return new Outcome.Over();
    }
    // A redirect is a web server that knows no agent.
    return new Outcome.Refused(status < 400 ? "no chaos agent answers there: " + said : said);
  }

  private static JsonNode problem(String body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  private static String words(int status, String body, JsonNode problem) {
    var detail = problem.path("detail").asString("");
    return detail.isBlank()
        ? ("HTTP " + status + " " + shortened(body)).strip()
        : shortened(detail) + " (HTTP " + status + ")";
  }

  /** Not every text can be kept. */
  static String shortened(String text) {
    return SignalBounds.cut(Texts.madeStorable(text), MOST_SAID);
  }
}
