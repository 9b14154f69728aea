package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.signals.KeptSignals.Kept;
import dev.watchtower.incident.signals.SignalDesk.Arrival;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the reports of a batch stand for, and which of them are to be looked at again. For one
 * thread; for one use.
 */
final class Reports {
  private final SignalBatch.Tools tools;
  private final SignalHistory history;
  private final Map<UUID, Instant> claimed;
  private final Duration late;
  private final Map<String, Kept> open = new LinkedHashMap<>();
  private final Set<String> ended = new HashSet<>();

  /**
   * Reports.
   *
   * @param claimed takes the sender's time of a signal that is not its own, by its id
   * @param interval so far apart may replicas of a sender tell the same
   */
  Reports(
      SignalBatch.Tools tools,
      SignalHistory history,
      Map<UUID, Instant> claimed,
      Duration interval) {
    this.tools = tools;
    this.history = history;
    this.claimed = claimed;
    this.late = AgainPolicy.late(interval);
  }

  /**
   * The signal that a report stands for: itself, or that it fires anew.
   *
   * @param end when its last incident was resolved; empty if one lasts or there was none
   */
  Signal signalOf(Arrival arrival, Supplier<Optional<Instant>> end) {
    var report = arrival.signal();
    if (report.status() == SignalStatus.CLEARED) {
      open.remove(report.fingerprint());
      ended.add(report.fingerprint());
      return report;
    }
    var last = history.latest(report.fingerprint());
    return switch (AgainPolicy.of(report, last, end, late, arrival.at())) {
      case AgainPolicy.Verdict.Known known -> report;
      case AgainPolicy.Verdict.Open later -> {
        open.put(report.fingerprint(), new Kept(report, later.until()));
        yield report;
      }
      case AgainPolicy.Verdict.Anew anew -> once(anew.signal(), report);
    };
  }

  private Signal once(Signal anew, Signal report) {
    if (!tools.log().known(List.of(anew.id())).isEmpty()) {
      return report;
    }
    claimed.put(anew.id(), report.at());
    return anew;
  }

  /** Writes down what is to be looked at again, and what is not any more. */
  void write() {
    if (!ended.isEmpty()) {
      tools.kept().drop(ended);
    }
    open.values().forEach(one -> tools.kept().keep(one.signal(), one.dueAt()));
  }
}
