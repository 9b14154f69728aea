package dev.watchtower.incident.audit;

import dev.watchtower.incident.timeline.Verification;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit trail. In the caller's transaction; thread-safe. */
public interface AuditTrail {
  /**
   * What a list is narrowed to; nulls mean everything.
   *
   * @param actor a subject such as {@code user:ann}, or the name alone
   * @param from at this instant or later
   * @param to before this instant
   * @param below only numbers below this one: where the next page goes on
   */
  record Filter(
      @Nullable String actor, @Nullable Instant from, @Nullable Instant to, @Nullable Long below) {}

  /** Appends deeds in their order; several at once wait for one another. */
  void append(List<Deed> deeds);

  /** At most {@code limit} entries, the newest first. */
  List<AuditEntry> list(Filter filter, int limit);

  /** Reads the whole trail and recomputes its chain. */
  Verification verify();
}
