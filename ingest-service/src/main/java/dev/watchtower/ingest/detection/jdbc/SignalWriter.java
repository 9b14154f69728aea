package dev.watchtower.ingest.detection.jdbc;

import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.wire.Detection;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.ingest.detection.Detected;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Writes signals, in order: the state of the rule and the message for incident-service in one
 * transaction. While PostgreSQL is down they wait here; detection itself waits when {@link #ROOM}
 * of them do, so none is lost. What waits is lost with the process, but not with its cause: the
 * samples are stored, and the breach is decided on again with the next ones.
 */
public final class SignalWriter extends OwnThread {
  /** The outbox topic. */
  public static final String TOPIC = "signals";

  /** Signals that may wait. */
  public static final int ROOM = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(SignalWriter.class);
  private static final int AT_ONCE = 100;

  private final FiringSignals firing;
  private final Outbox outbox;
  private final TransactionOperations transaction;
  private final LiveTopics live;
  private final MeterRegistry meters;
  private final LinkedBlockingQueue<Detected> queue = new LinkedBlockingQueue<>(ROOM);
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();
  private volatile boolean behind;

  /**
   * Not started yet.
   *
   * @param transaction such that a process that was replaced writes nothing
   */
  public SignalWriter(
      FiringSignals firing,
      Outbox outbox,
      TransactionOperations transaction,
      LiveTopics live,
      MeterRegistry meters) {
    // After the database, before the doors.
    super("signal-writer", 100, End.ASKED);
    this.firing = firing;
    this.outbox = outbox;
    this.transaction = transaction;
    this.live = live;
    this.meters = meters;
    meters.gauge("watchtower.ingest.signals.waiting", queue, LinkedBlockingQueue::size);
  }

  /** Takes signals, in order; waits while there is no room. */
  public void write(List<Detected> signals) throws InterruptedException {
    for (Detected signal : signals) {
      queue.put(signal);
      accepted.incrementAndGet();
    }
  }

  /** How many signals it was given. */
  public long accepted() {
    return accepted.get();
  }

  /** How many of them, in order, are written or were refused. */
  public long settled() {
    return settled.get();
  }

  /** Whether the last attempt to write failed. */
  public boolean isBehind() {
    return behind;
  }

  @Override
  protected void work() throws InterruptedException {
    List<Detected> next = new ArrayList<>();
    while (goesOn()) {
      if (next.isEmpty()) {
        Detected first = queue.poll(1, TimeUnit.SECONDS);
        if (first == null) {
          continue;
        }
        next.add(first);
        queue.drainTo(next, AT_ONCE - 1);
      }
      if (written(next)) {
        next = new ArrayList<>();
      } else if (!goesOnAfter(500)) {
        return;
      }
    }
  }

  private boolean written(List<Detected> signals) {
    try {
      List<Signal> fresh = save(signals);
      behind = false;
      settled.addAndGet(signals.size());
      fresh.forEach(this::told);
      return true;
    } catch (DataIntegrityViolationException e) {
      return oneByOne(signals, e);
    } catch (RuntimeException | Error e) {
      // PostgreSQL is down, or not migrated yet: the same again in a moment.
      if (!behind) {
        LOG.atWarn()
            .addKeyValue("waiting", signals.size() + queue.size())
            .setCause(e)
            .log("signals wait for the database");
      }
      behind = true;
      return false;
    }
  }

  /** The database refuses one of them: the others must not wait for it. */
  private boolean oneByOne(List<Detected> signals, DataIntegrityViolationException refusal) {
    if (signals.size() > 1) {
      while (!signals.isEmpty()) {
        if (!written(new ArrayList<>(signals.subList(0, 1)))) {
          return false;
        }
        signals.removeFirst();
      }
      return true;
    }
    settled.incrementAndGet();
    meters.counter("watchtower.ingest.signals.refused").increment();
    LOG.atError()
        .addKeyValue("signal", signals.getFirst().signal())
        .setCause(refusal)
        .log("the database refuses a signal: it is not delivered");
    return true;
  }

  private List<Signal> save(List<Detected> signals) {
    List<Signal> saved =
        transaction.execute(_ -> {
          List<Signal> fresh = new ArrayList<>();
          for (Detected detected : signals) {
            if (firing.apply(detected)) {
              outbox.append(detected.signal().fingerprint(), TOPIC, detected.message());
              fresh.add(detected.signal());
            }
          }
          return fresh;
        });
    return saved == null ? List.of() : saved;
  }

  private void told(Signal signal) {
    live.publish("/topic/detections", seq -> new Detection(seq, signal));
    meters
        .counter(
            "watchtower.ingest.signals.sent",
            "kind",
            signal.kind().name(),
            "status",
            signal.status().name())
        .increment();
    LOG.atInfo()
        .addKeyValue("rule", signal.rule())
        .addKeyValue("service", signal.service())
        .addKeyValue("env", signal.env())
        .addKeyValue("status", signal.status())
        .addKeyValue("signalId", signal.id())
        .log("signal");
  }
}
