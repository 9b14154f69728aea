package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * What came in and what became of it, since the start of the process. Between requests, always:
 * received = stored + duplicate + refused (over all reasons). Thread-safe.
 */
public final class IngestCounters {
  private final LongAdder received = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder duplicate = new LongAdder();
  private final LongAdder[] refused = new LongAdder[Refusal.values().length];
  private final LongAdder[] requestsRefused =
      new LongAdder[RequestRefusedException.Reason.values().length];
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder damaged = new LongAdder();
  private final LongAdder sealedBeforeSame = new LongAdder();
  private final LongAdder sealedBeforeOther = new LongAdder();
  private final LongAdder sealingFailures = new LongAdder();
  private final LongAdder fallenTotals = new LongAdder();

  /** All zero. */
  public IngestCounters() {
    Arrays.setAll(refused, i -> new LongAdder());
    Arrays.setAll(requestsRefused, i -> new LongAdder());
  }

  /** A request is over. */
  void count(WriteResult result) {
    stored.add(result.stored());
    duplicate.add(result.duplicates());
    for (var reason : Refusal.values()) {
      refused[reason.ordinal()].add(result.refusals().count(reason));
    }
    received.add(result.stored() + result.duplicates() + result.refusals().total());
  }

  /** A request whose samples could not even be counted. */
  public void countUnreadable() {
    unreadable.increment();
  }

  /** A request was sent away; does nothing if its samples were counted as refused. */
  public void countRefused(StoreUnavailableException e) {
    if (e instanceof RequestRefusedException refused) {
      requestsRefused[refused.reason().ordinal()].increment();
    }
  }

  /** Requests sent away for one reason before their samples could be counted. */
  public long requestsRefused(RequestRefusedException.Reason reason) {
    return requestsRefused[reason.ordinal()].sum();
  }

  /** Samples that came in. */
  public long received() {
    return received.sum();
  }

  /** Samples stored. */
  public long stored() {
    return stored.sum();
  }

  /** Samples that were there already. */
  public long duplicate() {
    return duplicate.sum();
  }

  /** Samples taken: stored, or there already. */
  public long taken() {
    return stored() + duplicate();
  }

  /** Samples refused for one reason. */
  public long refused(Refusal reason) {
    return refused[reason.ordinal()].sum();
  }

  /**
   * Samples, and requests of which they were not counted, that were not taken for a reason of ours:
   * whoever sent them was not silent.
   */
  public long lost() {
    var lost = refused(Refusal.UNAVAILABLE);
    for (var reason : RequestRefusedException.Reason.values()) {
      lost += reason == RequestRefusedException.Reason.INCOMPLETE ? 0 : requestsRefused(reason);
    }
    return lost;
  }

  /** Requests that could not be read: wrong type, too large, malformed. */
  public long unreadable() {
    return unreadable.sum();
  }

  /** Running totals were lower than the last of their series, though they had not begun anew. */
  public void countFallenTotals(long totals) {
    fallenTotals.add(totals);
  }

  /** Running totals that fell so: two processes write their series. */
  public long fallenTotals() {
    return fallenTotals.sum();
  }

  /** At sealing, samples turned out to be in the archive: with the same value, or another. */
  void countSealedBefore(long same, long other) {
    sealedBeforeSame.add(same);
    sealedBeforeOther.add(other);
  }

  /** Of the samples counted as stored, those that the archive had already, with the same value. */
  public long sealedBeforeSame() {
    return sealedBeforeSame.sum();
  }

  /** Those that it had with another value, which stayed. */
  public long sealedBeforeOther() {
    return sealedBeforeOther.sum();
  }

  /** An attempt to seal has failed. */
  void countSealingFailure() {
    sealingFailures.increment();
  }

  /** Attempts to seal that failed. */
  public long sealingFailures() {
    return sealingFailures.sum();
  }

  /** Something that was stored cannot be read any more. */
  void countDamaged() {
    damaged.increment();
  }

  /** Requests, pages and blocks found unreadable on disk. */
  public long damaged() {
    return damaged.sum();
  }
}
