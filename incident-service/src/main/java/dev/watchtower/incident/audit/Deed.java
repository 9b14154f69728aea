package dev.watchtower.incident.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did, or tried to do, before it has its place in the trail. Every part is cut to its
 * bound, so that nobody fills the trail by long names.
 *
 * @param at when, to the microsecond
 * @param actor the subject of the token: {@code user:ann}, {@code machine:ci}, {@code
 *     service:ingest}
 * @param from the address that the request came from, and for whom a proxy says it asks
 * @param action the method and the endpoint's template, and where it helps what was asked for
 * @param subject what it was done to: the identifiers in the path
 * @param outcome the status of the answer
 * @param incident the incident that it was done to; null for anything else
 */
public record Deed(
    Instant at,
    String actor,
    String from,
    String action,
    String subject,
    String outcome,
    @Nullable UUID incident) {
  public Deed {
    at = at.truncatedTo(ChronoUnit.MICROS);
    actor = bounded(actor, 200);
    from = bounded(from, 100);
    action = bounded(action, 300);
    subject = bounded(subject, 300);
    outcome = bounded(outcome, 100);
  }

  // PostgreSQL's text cannot hold the character zero.
  private static String bounded(String text, int max) {
    var storable = text.replace("\0", "");
    return storable.length() <= max ? storable : storable.substring(0, max - 1) + "…";
  }
}
