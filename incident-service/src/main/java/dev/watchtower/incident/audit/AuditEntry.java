package dev.watchtower.incident.audit;

import dev.watchtower.incident.timeline.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * One entry of the audit trail: a {@link Deed} in its place.
 *
 * @param seq 1 for the first, without gaps
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
    String hash,
    String previousHash) {
  /** The entry that follows on one with that number and hash. */
  static AuditEntry of(Deed deed, long previousSeq, String previousHash) {
    var open =
        new AuditEntry(
            previousSeq + 1,
            deed.at(),
            deed.actor(),
            deed.from(),
            deed.action(),
            deed.subject(),
            deed.outcome(),
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
        open.digest(),
        previousHash);
  }

  /** The hash that it must have. */
  String digest() {
    var text =
        CanonicalJson.of(
            Map.of(
                "seq", seq,
                "at", at,
                "actor", actor,
                "from", from,
                "action", action,
                "subject", subject,
                "outcome", outcome,
                "previousHash", previousHash));
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
