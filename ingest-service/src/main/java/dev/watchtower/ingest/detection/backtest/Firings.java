package dev.watchtower.ingest.detection.backtest;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.Detected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signals of a back-test, each beginning with its end. For one thread. */
public final class Firings {
  /** Firings that are kept; more are counted only. */
  public static final int MOST = 1_000;

  /**
   * A breach that would have been told.
   *
   * @param since since when the condition held
   * @param firedAt when it would have been told: the rule's patience later
   * @param clearedAt when it would have been told to be over; null if it still fired at the end
   * @param value when it fired
   */
  public record Firing(
      String service,
      String env,
      Severity severity,
      Map<String, String> labels,
      Instant since,
      Instant firedAt,
      @Nullable Instant clearedAt,
      @Nullable Double value,
      @Nullable Double threshold,
      String expression,
      String summary) {}

  private final List<Firing> kept = new ArrayList<>();
  private final Map<String, Integer> open = new HashMap<>();
  private long total;

  /** Takes the signals of an instant, milliseconds since the epoch. */
  void take(List<Detected> detected, long at) {
    for (Detected one : detected) {
      Signal signal = one.signal();
      if (signal.status() == SignalStatus.FIRING) {
        fired(one, at);
      } else {
        Integer index = open.remove(signal.fingerprint());
        if (index != null) {
          kept.set(index, ended(kept.get(index), at));
        }
      }
    }
  }

  private void fired(Detected detected, long at) {
    total++;
    if (kept.size() >= MOST) {
      return;
    }
    Signal signal = detected.signal();
    SignalEvidence evidence = signal.evidence();
    open.put(signal.fingerprint(), kept.size());
    kept.add(
        new Firing(
            signal.service(),
            signal.env(),
            signal.severity(),
            detected.labels().toMap(),
            signal.at(),
            Instant.ofEpochMilli(at),
            null,
            evidence == null ? null : evidence.value(),
            evidence == null ? null : evidence.threshold(),
            evidence == null ? "" : evidence.expression(),
            signal.summary()));
  }

  private static Firing ended(Firing firing, long at) {
    return new Firing(
        firing.service(),
        firing.env(),
        firing.severity(),
        firing.labels(),
        firing.since(),
        firing.firedAt(),
        Instant.ofEpochMilli(at),
        firing.value(),
        firing.threshold(),
        firing.expression(),
        firing.summary());
  }

  /** Those that are kept, in the order in which they fired. */
  public List<Firing> all() {
    return kept.stream()
        .sorted(
            Comparator.comparing(Firing::firedAt)
                .thenComparing(Firing::service)
                .thenComparing(f -> f.labels().toString()))
        .toList();
  }

  /** How many there were. */
  public long total() {
    return total;
  }
}
