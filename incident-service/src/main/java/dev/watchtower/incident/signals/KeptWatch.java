package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.signals.KeptSignals.Kept;
import java.time.Instant;
import java.util.List;

/**
 * Takes the signals that were kept once their time has come. What waits are rows, so it forgets
 * nothing over a restart; one that was taken and not forgotten is taken once all the same.
 */
public final class KeptWatch {
  private static final int BATCH = 100;

  private final KeptSignals kept;
  private final SignalDesk desk;
  private final Transactions transactions;

  /** A watch. */
  public KeptWatch(KeptSignals kept, SignalDesk desk, Transactions transactions) {
    this.kept = kept;
    this.desk = desk;
    this.transactions = transactions;
  }

  /**
   * Takes what is due at {@code now}. A failure stops none of the others.
   *
   * @throws RuntimeException the first failure, with the others suppressed
   */
  public void look(Instant now) {
    RuntimeException first = null;
    for (var one : transactions.once(() -> kept.due(now, BATCH))) {
      try {
        take(one, now);
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void take(Kept one, Instant now) {
    var signal = one.signal();
    if (signal.kind() == SignalKind.EXTERNAL) {
      var unused = desk.takeReports(List.of(signal), SignalDesk.ITSELF, now);
    } else {
      var unused = desk.takeKept(signal, now);
    }
    transactions.retrying(() -> {
      kept.done(one);
      return true;
    });
  }
}
