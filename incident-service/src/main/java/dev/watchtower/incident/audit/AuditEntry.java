package dev.watchtower.incident.audit;

import dev.watchtower.common.security.Digests;
import dev.watchtower.incident.timeline.CanonicalJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the audit trail: a {@link Deed} in its place.
 *
 * @param seq 1 for the first, without gaps
 * @param timeline how the timeline of its incident ended; null where it is about none
 * @param hash SHA-256 in lower-case hex over the canonical JSON of everything else
 * @param previousHash hash of entry {@code seq - 1}, 64 zeros for the first
 */
public record AuditEntry(
    long seq,
    Instant at,
    String actor,
    String from,
    String action,
    String subject,
    String outcome,
    @Nullable Anchor timeline,
    String hash,
    String previousHash) {
  /** The entry that follows on one with that number and hash. */
  static AuditEntry of(
      Deed deed, @Nullable Anchor timeline, long previousSeq, String previousHash) {
    var open =
        new AuditEntry(
            previousSeq + 1,
            deed.at(),
            deed.actor(),
            deed.from(),
            deed.action(),
            deed.subject(),
            deed.outcome(),
            timeline,
            "",
            previousHash);
    return new AuditEntry(
        open.seq,
        open.at,
        open.actor,
        open.from,
        open.action,
        open.subject,
        open.outcome,
        timeline,
        open.digest(),
        previousHash);
  }

  /** The hash that it must have. */
  String digest() {
    var members =
        new HashMap<String, Object>(
            Map.of(
                "seq", seq,
                "at", at,
                "actor", actor,
                "from", from,
                "action", action,
                "subject", subject,
                "outcome", outcome,
                "previousHash", previousHash));
    // Entries from before there were anchors keep the hash that they have.
    if (timeline != null) {
      members.put(
          "timeline",
          Map.of(
              "incident", timeline.incident().toString(),
              "seq", timeline.seq(),
              "hash", timeline.hash()));
    }
    var text = CanonicalJson.of(members);
    return Digests.of(text);
  }
}
