package dev.watchtower.incident.timeline;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A timeline entry that has not got its place and its hash yet.
 *
 * @param ts when it happened; kept to the microsecond, as the database keeps it
 * @param summary one sentence, at most {@value #MAX_SUMMARY} characters (longer ones are cut, with
 *     an ellipsis)
 * @param data JSON values only: maps, lists, text, numbers, booleans, null; what has a natural text
 *     (instants, ids, enums) is written as that
 */
public record Draft(
    Instant ts, TimelineKind kind, Actor actor, String summary, Map<String, Object> data) {
  /** The longest summary, in characters. */
  public static final int MAX_SUMMARY = 1000;

  public Draft {
    ts = ts.truncatedTo(ChronoUnit.MICROS);
    summary = storable(summary);
    if (summary.length() > MAX_SUMMARY) {
      summary = summary.substring(0, MAX_SUMMARY - 1) + "…";
    }
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  /**
   * Whether a person did something about the incident. A signal is told, not done, also where it is
   * sent in a person's name.
   */
  public boolean isDeed() {
    return actor.byHuman()
        && kind != TimelineKind.SIGNAL_FIRED
        && kind != TimelineKind.SIGNAL_CLEARED;
  }

  // PostgreSQL's text cannot hold the character zero.
  private static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
  }
}
