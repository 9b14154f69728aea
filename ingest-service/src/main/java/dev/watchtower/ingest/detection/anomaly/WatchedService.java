package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.ingest.detection.anomaly.ServiceAnomalies.SignalAnomaly;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The models of a service's golden signals, fed with one value a step of event time: the first that
 * is computed in the step. What comes for an earlier step is late and left out. For one thread.
 */
final class WatchedService {
  /** Golden signals of a service that are modelled; more are left out. */
  static final int MAX_SIGNALS = 16;

  private static final long SHORTEST_STEP = 5_000;

  /** Raise it with every change of what is saved, or of what a saved number means. */
  private static final int FORMAT = 2;

  /** A window that is another for so long stays so; a sender may waver between two. */
  private static final long OUTGROWN_MILLIS = 5 * 60_000;

  private final Map<String, WatchedSignal> signals = new LinkedHashMap<>();
  private final JointSurprise joint = new JointSurprise();

  /**
   * Others, so many that it is no coincidence, that were unusual when an anomaly of one of its
   * signals was on that goes on; null if there were not.
   */
  private @Nullable Others shared;

  private final long windowMillis;
  private final long step;
  private long lastStep = Long.MIN_VALUE;
  private long unfitSince = Long.MIN_VALUE;
  private long newest = Long.MIN_VALUE;

  /**
   * Without any history.
   *
   * @param windowMillis the window of the service's rates; half of it is a step, but 5 s at least
   */
  WatchedService(long windowMillis) {
    this.windowMillis = windowMillis;
    step = step(windowMillis);
  }

  /** The step where rates have this window, milliseconds. */
  static long step(long windowMillis) {
    return Math.max(SHORTEST_STEP, windowMillis / 2);
  }

  long step() {
    return step;
  }

  /** Learns from what was stored, in order, but forgets what it learnt in troubles. */
  void recall(List<GoldenSignals.Point> history, List<Trouble> troubles) {
    for (GoldenSignals.Point point : history) {
      if (isNext(point.ts())) {
        feed(point.ts(), point.signals(), troubles);
      }
    }
  }

  /**
   * Takes the signals of an instant; empty unless a step of event time has begun with it.
   *
   * @param fleet is told how the service is, and says how the others are
   */
  Optional<ServiceAnomalies> observe(SignalSnapshot snapshot, List<Trouble> troubles, Fleet fleet) {
    newest = Math.max(newest, snapshot.at());
    if (snapshot.windowMillis() == windowMillis) {
      unfitSince = Long.MIN_VALUE;
    } else if (unfitSince == Long.MIN_VALUE) {
      unfitSince = newest;
    }
    if (!isNext(snapshot.at())) {
      return Optional.empty();
    }
    feed(snapshot.at(), snapshot.values(), troubles);
    fleet.note(snapshot.key(), snapshot.at(), step, joint.isUnusual());
    Others others = fleet.others(snapshot.key(), snapshot.at(), step);
    if (others.agree() && isAnomalous()) {
      shared = others;
    }
    return Optional.of(anomalies(snapshot, others));
  }

  /** The number of the last step that it has a value of; before the first the least there is. */
  long lastStep() {
    return lastStep;
  }

  /** Whether what it learns now will be forgotten. Then it must not be saved. */
  boolean isForgetful() {
    return signals.values().stream().anyMatch(WatchedSignal::isForgetful);
  }

  /** Whether the window of its rates is still the one that its steps are made for. */
  boolean isFit() {
    return unfitSince == Long.MIN_VALUE;
  }

  /** So much time is missing in its past that anomalies of then are none of now. */
  void loseAnomalies() {
    signals.values().forEach(WatchedSignal::lose);
    shared = null;
  }

  /**
   * Saves or loads what was learnt.
   *
   * @throws UnreadableModelException if what is read was learnt in another way or is damaged; it is
   *     of no use then
   */
  void exchange(ModelState state) {
    state.expect("its format", FORMAT);
    state.expect("its window", windowMillis);
    state.expect("its step", step);
    lastStep = state.exchange(lastStep, Long.MIN_VALUE, Long.MAX_VALUE / step);
    int size = state.exchange(signals.size(), 0, MAX_SIGNALS);
    List<String> names = List.copyOf(signals.keySet());
    for (int i = 0; i < size; i++) {
      String name = state.exchange(i < names.size() ? names.get(i) : "");
      signals.computeIfAbsent(name, _ -> new WatchedSignal()).exchange(state);
    }
    state.require(signals.size() == size, "a signal comes twice");
    joint.exchange(state);
    exchangeShared(state);
  }

  private void exchangeShared(ModelState state) {
    if (state.exchange(shared != null)) {
      Others now = shared == null ? Others.NONE : shared;
      shared =
          new Others(
              state.exchange(now.unusual(), 0, Integer.MAX_VALUE),
              state.exchange(now.known(), 0, Integer.MAX_VALUE));
    }
  }

  /** Whether its rates have had another window than its steps are made for, and for a while. */
  boolean isOutgrown() {
    return unfitSince != Long.MIN_VALUE && newest - unfitSince >= OUTGROWN_MILLIS;
  }

  private boolean isNext(long at) {
    long index = Math.floorDiv(at, step);
    if (index <= lastStep) {
      return false;
    }
    lastStep = index;
    return true;
  }

  private void feed(long at, Map<String, @Nullable Double> values, List<Trouble> troubles) {
    Trouble.Lesson lesson = Trouble.lesson(troubles, at, WatchedSignal.LONGEST * step);
    // What the catalog names no more is never heard again: nor would its anomaly end.
    signals.keySet().retainAll(values.keySet());
    values.forEach((name, value) -> {
      WatchedSignal signal = signals.get(name);
      if (signal == null && value != null && signals.size() < MAX_SIGNALS) {
        signal = new WatchedSignal();
        signals.put(name, signal);
      }
      if (signal != null) {
        signal.observe(at, value == null ? Double.NaN : value, lesson);
      }
    });
    boolean anomalous = isAnomalous();
    shared = anomalous ? shared : null;
    // As for its signals: an incident must not become the usual.
    joint.look(
        signals.values().stream().mapToDouble(WatchedSignal::contribution).toArray(),
        !anomalous && lesson != Trouble.Lesson.FORGET);
  }

  private boolean isAnomalous() {
    return signals.values().stream().anyMatch(WatchedSignal::isAnomalous);
  }

  private ServiceAnomalies anomalies(SignalSnapshot snapshot, Others others) {
    ServiceKey key = snapshot.key();
    List<SignalAnomaly> all = new ArrayList<>(signals.size());
    signals.forEach((name, signal) -> {
      Reading reading = signal.reading();
      all.add(
          new SignalAnomaly(
              name,
              snapshot.values().get(name),
              Double.isFinite(reading.expected()) ? reading.expected() : null,
              reading.scale(),
              reading.score(),
              reading.surprise(),
              signal.isAnomalous() ? signal.since() : null,
              signal.peak(),
              signal.isReady(),
              snapshot.queries().getOrDefault(name, name)));
    });
    return new ServiceAnomalies(
        key,
        snapshot.at(),
        snapshot.at() - snapshot.windowMillis(),
        // Before, all is new.
        signals.values().stream().anyMatch(WatchedSignal::isReady)
            ? joint.score(others.share())
            : 0,
        others,
        shared,
        all);
  }
}
