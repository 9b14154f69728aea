package dev.watchtower.incident.timeline;

import dev.watchtower.common.security.Digests;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import java.time.Instant;
import java.util.UUID;

/**
 * The hash chain of a timeline: every entry's hash is SHA-256 over the canonical JSON of the entry
 * together with the hash of the one before, so that a changed, removed, inserted or reordered entry
 * breaks the chain from there on.
 */
public final class Chain {
  /** The previous hash of the first entry. */
  public static final String START = "0".repeat(64);

  /**
   * An entry as it is stored.
   *
   * @param data the canonical JSON text of the entry's data
   */
  public record Stored(
      long seq,
      Instant ts,
      TimelineKind kind,
      Actor actor,
      String summary,
      String data,
      String hash,
      String previousHash) {}

  private final UUID incident;
  private long seq;
  private String last = START;

  /** The chain of an incident, before its first entry; for one thread. */
  public Chain(UUID incident) {
    this.incident = incident;
  }

  /** The chain of an incident, after the entry {@code seq} with the hash {@code last}. */
  public Chain(UUID incident, long seq, String last) {
    this.incident = incident;
    this.seq = seq;
    this.last = last;
  }

  /** Adds an entry to the end and gives it its number and its hash. */
  public Stored add(Draft draft) {
    var data = CanonicalJson.of(draft.data());
    long next = seq + 1;
    var hash =
        hash(incident, next, draft.ts(), draft.kind(), draft.actor(), draft.summary(), data, last);
    var stored =
        new Stored(
            next, draft.ts(), draft.kind(), draft.actor(), draft.summary(), data, hash, last);
    seq = next;
    last = hash;
    return stored;
  }

  /** Number of the last entry, 0 for none. */
  public long seq() {
    return seq;
  }

  /** Hash of the last entry. */
  public String last() {
    return last;
  }

  /**
   * Takes the next stored entry into account.
   *
   * @return what is wrong with it; empty if it fits
   */
  public String check(Stored entry) {
    if (entry.seq() != seq + 1) {
      return "entry " + (seq + 1) + " is missing: the next one is " + entry.seq();
    }
    if (!entry.previousHash().equals(last)) {
      return "entry " + entry.seq() + " does not refer to the hash of the entry before it";
    }
    var expected =
        hash(
            incident,
            entry.seq(),
            entry.ts(),
            entry.kind(),
            entry.actor(),
            entry.summary(),
            entry.data(),
            entry.previousHash());
    if (!entry.hash().equals(expected)) {
      return "the content of entry " + entry.seq() + " does not fit its hash";
    }
    seq = entry.seq();
    last = entry.hash();
    return "";
  }

  private static String hash(
      UUID incident,
      long seq,
      Instant ts,
      TimelineKind kind,
      Actor actor,
      String summary,
      String data,
      String previous) {
    // Written out, members sorted: the data is canonical text already and must not be parsed again.
    var text =
        "{\"actor\":{\"name\":%s,\"type\":\"%s\"},\"data\":%s,\"incident\":\"%s\",\"kind\":\"%s\",\"previousHash\":\"%s\",\"seq\":%d,\"summary\":%s,\"ts\":\"%s\"}"
            .formatted(
                CanonicalJson.of(actor.name()),
                actor.type(),
                data,
                incident,
                kind,
                previous,
                seq,
                CanonicalJson.of(summary),
                ts);
    return Digests.of(text);
  }
}
