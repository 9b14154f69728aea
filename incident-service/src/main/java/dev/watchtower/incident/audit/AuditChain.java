package dev.watchtower.incident.audit;

import org.jspecify.annotations.Nullable;

/** The hash chain of the trail, walked or made longer; for one thread. */
public final class AuditChain {
  /** The previous hash of the first entry. */
  public static final String START = "0".repeat(64);

  private long seq;
  private String last;

  /** The chain after the entry {@code seq} with the hash {@code last}. */
  public AuditChain(long seq, String last) {
    this.seq = seq;
    this.last = last;
  }

  /** The chain before its first entry. */
  public AuditChain() {
    this(0, START);
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
   * Puts a deed at the end.
   *
   * @param timeline how the timeline of its incident ends; null where it is about none
   */
  public AuditEntry add(Deed deed, @Nullable Anchor timeline) {
    var entry = AuditEntry.of(deed, timeline, seq, last);
    seq = entry.seq();
    last = entry.hash();
    return entry;
  }

  /**
   * Takes the next stored entry into account.
   *
   * @return what is wrong with it; empty if it fits
   */
  public String check(AuditEntry entry) {
    if (entry.seq() != seq + 1) {
      return "entry " + (seq + 1) + " is missing: the next one is " + entry.seq();
    }
    if (!entry.previousHash().equals(last)) {
      return "entry " + entry.seq() + " does not refer to the hash of the entry before it";
    }
    if (!entry.hash().equals(entry.digest())) {
      return "the content of entry " + entry.seq() + " does not fit its hash";
    }
    seq = entry.seq();
    last = entry.hash();
    return "";
  }
}
