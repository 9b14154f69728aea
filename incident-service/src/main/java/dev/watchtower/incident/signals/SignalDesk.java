package dev.watchtower.incident.signals;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes signals. Those of one scope and environment that wait are taken together, in one
 * transaction with everything that follows from them; whoever is answered has theirs stored. A
 * signal that cannot be stored takes none of the others with it. Thread-safe.
 */
public final class SignalDesk {
  /** What became of a signal. */
  public sealed interface Taken {
    /**
     * Taken for the first time.
     *
     * @param incident the incident that it touched; where it changed nothing, the unresolved one
     *     that has its fingerprint, if any
     * @param late whether it came too late, so that its sender is to tell people
     */
    record Stored(Effect effect, @Nullable UUID incident, boolean late) implements Taken {}

    /**
     * Taken before; nothing was done.
     *
     * @param incident the incident that it touched, or that has its fingerprint now, if any
     */
    record Repeated(@Nullable UUID incident) implements Taken {}
  }

  /**
   * A signal and when it came.
   *
   * @param signal as severe as it is by the catalog, its time none that has not come yet
   * @param sender subject of the token that it came with
   * @param claimed the sender's time where that is another one
   */
  record Arrival(Signal signal, String sender, Instant at, @Nullable Instant claimed, Way way) {
    /** Whether it came in time for us to tell people, and it is too late for that now. */
    boolean isLate(Instant now) {
      return SignalPolicy.toldElsewhere(signal, now) && !SignalPolicy.toldElsewhere(signal, at);
    }

    /** The same as an incident from before an update has it; what was kept here is one of then. */
    Arrival asKnown(Function<String, Optional<Incident>> holding) {
      var known = way == Way.KEPT ? signal : ForeignSignals.asKnown(signal, holding);
      return new Arrival(known, sender, at, claimed, way);
    }

    Arrival notBefore(Instant now) {
      return isLate(now) ? new Arrival(signal, sender, now, claimed, way) : this;
    }
  }

  /** How a signal comes. */
  enum Way {
    /** Sent as it changes. */
    CHANGE,
    /** Reported as long as it fires. */
    REPORT,
    /** Kept by us since its incident was resolved. */
    KEPT
  }

  /** Whose signals can end up in one incident. */
  private record Scope(String name, String env) {}

  /** What became of an arrival: taken, or why not. */
  private sealed interface Outcome {
    record Done(Taken taken) implements Outcome {}

    record Failed(RuntimeException why) implements Outcome {}
  }

  /** Who sends what was kept here. */
  static final String ITSELF = "service:incident";

  private final SignalBatch.Tools tools;
  private final Transactions transactions;
  private final Supplier<Catalog> catalog;
  private final Predicate<RuntimeException> isOutage;
  private final Clock clock;
  private final SignalQueue.Limits limits;
  private final SignalQueue<Scope, Arrival, Outcome> queue;

  /**
   * A desk.
   *
   * @param catalog asked anew for each batch, so that an edited one counts at once
   * @param isOutage whether a failure says that the store cannot be reached, so that trying the
   *     signals one by one is in vain
   */
  public SignalDesk(
      SignalBatch.Tools tools,
      Transactions transactions,
      Supplier<Catalog> catalog,
      Predicate<RuntimeException> isOutage,
      Clock clock,
      SignalQueue.Limits limits,
      SignalQueue.Watch watch) {
    this.tools = tools;
    this.transactions = transactions;
    this.catalog = catalog;
    this.isOutage = isOutage;
    this.clock = clock;
    this.limits = limits;
    this.queue = new SignalQueue<>(limits, this::takeTogether, watch);
  }

  /** How many callers wait. */
  public int waiting() {
    return queue.waiting();
  }

  /**
   * Takes a signal. Taking the same one again does nothing.
   *
   * @param sender subject of the token that it came with
   * @throws SignalQueue.Full if too many wait; nothing was done
   */
  public Taken take(Signal signal, String sender, Instant now) {
    return takeAll(List.of(signal), sender, now).getFirst();
  }

  /**
   * Takes signals that came at once; what became of each, in their order. Those of one scope are
   * taken in their order.
   *
   * @throws SignalQueue.Full if too many wait; some may have been taken
   * @throws RuntimeException what kept the first of those from being stored that were not; the
   *     others of its scope were tried all the same
   */
  public List<Taken> takeAll(List<Signal> signals, String sender, Instant now) {
    return takeAll(signals, sender, now, Way.CHANGE);
  }

  /**
   * The same for signals that their sender reports as long as they fire: one that is reported long
   * after its end, or after the end of its incident, fires anew; what is reported soon after it is
   * kept, and does so then if no end comes.
   */
  public List<Taken> takeReports(List<Signal> signals, String sender, Instant now) {
    return takeAll(signals, sender, now, Way.REPORT);
  }

  /**
   * Takes a signal again that fired when its incident was resolved: it fires anew if it still does,
   * by what was taken, and no incident has it.
   *
   * @throws SignalQueue.Full if too many wait; nothing was done
   */
  Taken takeKept(Signal signal, Instant now) {
    return takeAll(List.of(signal), ITSELF, now, Way.KEPT).getFirst();
  }

  private List<Taken> takeAll(List<Signal> signals, String sender, Instant now, Way way) {
    var byScope = new LinkedHashMap<Scope, List<Integer>>();
    for (int i = 0; i < signals.size(); i++) {
      byScope.computeIfAbsent(scopeOf(signals.get(i)), k -> new ArrayList<>()).add(i);
    }
    var taken = new TreeMap<Integer, Taken>();
    // One scope after the other: who waited in two could keep others waiting in a circle.
    byScope.forEach((scope, positions) -> {
      for (int from = 0; from < positions.size(); from += limits.together()) {
        var part = positions.subList(from, Math.min(from + limits.together(), positions.size()));
        var arrivals = part.stream().map(i -> arrival(signals.get(i), sender, now, way)).toList();
        var outcomes = queue.submit(scope, arrivals);
        for (int i = 0; i < part.size(); i++) {
          taken.put(part.get(i), resultOf(outcomes.get(i)));
        }
      }
    });
    return List.copyOf(taken.values());
  }

  /** Holds up whatever comes for the signal's scope until the surrounding transaction ends. */
  void lockScopeOf(Signal signal) {
    lock(scopeOf(signal));
  }

  private void lock(Scope scope) {
    tools.book().incidents().lockScope(scope.name(), scope.env());
  }

  private Scope scopeOf(Signal signal) {
    return new Scope(tools.correlation().scopeOf(signal.service()), signal.env());
  }

  private Arrival arrival(Signal signal, String sender, Instant now, Way way) {
    var graded = SeverityPolicy.graded(signal, catalog.get());
    var at = SignalPolicy.timeOf(signal.at(), now);
    return at.equals(signal.at())
        ? new Arrival(graded, sender, now, null, way)
        : new Arrival(SignalPolicy.sentAt(graded, at), sender, now, signal.at(), way);
  }

  private static Taken resultOf(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> done.taken();
      case Outcome.Failed failed -> throw failed.why();
    };
  }

  private List<Outcome> takeTogether(Scope scope, List<Arrival> arrivals) {
    var left = arrivals;
    while (true) {
      try {
        return takeInTime(scope, left);
      } catch (Late late) {
        // A sender has told people meanwhile; once more, what is late as what came too late. Each
        // time it is one more at least.
        left = left.stream().map(a -> a.notBefore(late.now)).toList();
      }
    }
  }

  private List<Outcome> takeInTime(Scope scope, List<Arrival> arrivals) {
    try {
      return transactions.retrying(() -> takeOnce(scope, arrivals)).stream()
          .<Outcome>map(Outcome.Done::new)
          .toList();
    } catch (Late e) {
      throw e;
    } catch (RuntimeException e) {
      return arrivals.size() == 1 || isOutage.test(e)
          ? arrivals.stream().<Outcome>map(arrival -> new Outcome.Failed(e)).toList()
          : takeHalves(scope, arrivals);
    }
  }

  // By halves, down to the one that cannot be stored.
  private List<Outcome> takeHalves(Scope scope, List<Arrival> arrivals) {
    int half = arrivals.size() / 2;
    var outcomes = new ArrayList<>(takeTogether(scope, arrivals.subList(0, half)));
    outcomes.addAll(takeTogether(scope, arrivals.subList(half, arrivals.size())));
    return outcomes;
  }

  private List<Taken> takeOnce(Scope scope, List<Arrival> arrivals) {
    lock(scope);
    var taken = new SignalBatch(tools, catalog.get(), arrivals).take();
    // A lock or a slow store may have held us so long that a promise to tell people is broken.
    var now = clock.instant();
    if (arrivals.stream().anyMatch(a -> a.isLate(now))) {
      throw new Late(now);
    }
    return taken;
  }

  /** What was to be taken by a time was not; its transaction is rolled back. */
  private static final class Late extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Instant now;

    Late(Instant now) {
      super("taken too late", null, false, false);
      this.now = now;
    }
  }
}
