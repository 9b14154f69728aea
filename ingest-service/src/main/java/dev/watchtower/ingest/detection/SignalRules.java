package dev.watchtower.ingest.detection;

import dev.watchtower.ingest.golden.Backfill;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Has the rules on golden signals decided: on the newest, and before that on those of the instants
 * at which samples came late ({@link Backfill}). For one thread.
 */
public final class SignalRules {
  /** For all instants of one service; everything else that detection does waits for it. */
  private static final long LONGEST = Duration.ofSeconds(1).toNanos();

  private final QueryEngine engine;
  private final Detector detector;
  private final LongSupplier nanos;
  private final LongAdder leftOut = new LongAdder();

  /**
   * @param nanos the engine's clock for elapsed time
   */
  public SignalRules(QueryEngine engine, Detector detector, LongSupplier nanos) {
    this.engine = engine;
    this.detector = detector;
    this.nanos = nanos;
  }

  /**
   * Applies the rules to a service, unless samples that came late have yet to wait for others: then
   * it is to be asked for again when they are due.
   */
  public List<Detected> look(
      GoldenSignals signals, ObservedService service, SignalSnapshot newest, long now) {
    Backfill.Instants late = service.backfill().before(newest.at(), now);
    if (late.waits()) {
      return List.of();
    }
    List<Detected> told = new ArrayList<>();
    for (SignalSnapshot snapshot : late(signals, service, late)) {
      told.addAll(detector.onSignals(snapshot));
    }
    told.addAll(detector.onSignals(newest));
    service.backfill().decided(newest.at());
    return told;
  }

  private List<SignalSnapshot> late(
      GoldenSignals signals, ObservedService service, Backfill.Instants late) {
    ServiceKey key = service.key();
    if (detector.rules().onSignals().stream()
        .noneMatch(rule -> rule.covers(key.service(), key.env()))) {
      return List.of();
    }
    boolean complete = true;
    List<SignalSnapshot> snapshots = List.of();
    GoldenSignals quick = signals.by(engine.until(nanos.getAsLong() + LONGEST));
    try {
      snapshots = quick.at(service, late.first(), late.last(), Backfill.STEP_MILLIS);
    } catch (QueryException e) {
      // Too much. How it stands now must not wait for that.
      complete = false;
    } catch (RuntimeException | Error e) {
      service.backfill().again(late);
      throw e;
    }
    if (late.leftOut() || !complete) {
      leftOut.increment();
    }
    return complete ? snapshots : List.of();
  }

  /** Looks in which samples that had come late were left out in part. Any thread. */
  public long leftOut() {
    return leftOut.sum();
  }
}
