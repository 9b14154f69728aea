package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.QueryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Watches the golden signals of all services for anomalies and has the anomaly rules applied. A
 * service that is new, or was known before a restart, begins with what was saved of it and learns
 * from what is stored. Called by the thread of detection; {@link #anomalies} and {@link #refused}
 * by any.
 */
public final class AnomalyWatch {
  /** Services with models; of more there are no anomalies, and they are counted. */
  public static final int MAX_SERVICES = 250;

  /** Values of a signal that are recalled from storage. */
  private static final int RECALLED = 1_440;

  /** The golden signals of a service over a past time. */
  @FunctionalInterface
  public interface History {
    /** Points from {@code from} to {@code to}, both inclusive, in order. */
    List<GoldenSignals.Point> read(
        ServiceKey key, long windowMillis, long from, long to, long step);
  }

  private final History history;
  private final FindingBox box;
  private final ModelKeeper keeper;
  private final Executor learner;
  private final AnomalyRules found = new AnomalyRules();
  private final Troubles troubles = new Troubles();
  private final Fleet fleet = new Fleet();
  private final Map<ServiceKey, WatchedService> services = new HashMap<>();
  private final Map<ServiceKey, SignalSnapshot> unknown = new LinkedHashMap<>();
  private final ConcurrentMap<ServiceKey, ServiceAnomalies> newest = new ConcurrentHashMap<>();
  private List<Catalog.Rule> rules = List.of();
  private @Nullable Learning learning;
  private final LongAdder refused = new LongAdder();
  private final LongAdder unread = new LongAdder();

  /** A watch that puts what its rules find in {@code box}, and whose models end with it. */
  public AnomalyWatch(History history, FindingBox box) {
    this(history, box, new ModelKeeper(SavedModels.NONE, Long.MAX_VALUE));
  }

  /** The same, whose models are kept; what it learns it learns on the thread of detection. */
  public AnomalyWatch(History history, FindingBox box, ModelKeeper keeper) {
    this(history, box, keeper, Runnable::run);
  }

  /**
   * A watch that puts what its rules find in {@code box}, and whose models are kept.
   *
   * @param learner has the past of services read, one at a time
   */
  public AnomalyWatch(History history, FindingBox box, ModelKeeper keeper, Executor learner) {
    this.history = history;
    this.box = box;
    this.keeper = keeper;
    this.learner = learner;
  }

  /** Applies these rules from now on. */
  public void follow(List<Catalog.Rule> anomalyRules) {
    rules = List.copyOf(anomalyRules);
    found.keep(rules);
  }

  /** Takes the golden signals of a service on which nothing fires as they are now. */
  public void observe(SignalSnapshot snapshot) {
    observe(snapshot, OptionalLong.empty());
  }

  /**
   * Takes the golden signals of a service as they are now.
   *
   * @param firesSince since when the latest signal of another kind that fires on it does, event
   *     time; what is learnt from it then is forgotten, unless it has fired for very long. Empty
   *     where none fires
   */
  public void observe(SignalSnapshot snapshot, OptionalLong firesSince) {
    ServiceKey key = snapshot.key();
    WatchedService service = services.get(key);
    long step = service == null ? WatchedService.step(snapshot.windowMillis()) : service.step();
    troubles.note(key, snapshot.at(), isTrouble(firesSince, snapshot.at(), step));
    if (learning != null && learning.key().equals(key)) {
      learning.miss(snapshot);
    }
    if (service != null) {
      service.observe(snapshot, troubles.of(key), fleet).ifPresent(this::judge);
      if (service.isOutgrown()) {
        // It goes on as it is until it is learnt anew.
        unknown.put(key, snapshot);
      } else {
        unknown.remove(key);
      }
    } else if (unknown.containsKey(key) || services.size() + unknown.size() < MAX_SERVICES) {
      unknown.put(key, snapshot);
    } else {
      refused.increment();
      troubles.forget(key);
    }
  }

  /**
   * What has fired for so long that what it shows was accepted is none any more: what begins to
   * fire beside it is a trouble of its own.
   */
  private static boolean isTrouble(OptionalLong firesSince, long at, long step) {
    return firesSince.isPresent() && at - firesSince.getAsLong() < 2 * WatchedSignal.LONGEST * step;
  }

  /**
   * Has the models of a service saved whose turn it is, and one more learn that is not known yet.
   * Called once a second.
   *
   * @param now by the clock, milliseconds since the epoch
   * @throws RuntimeException as {@link #learnNext}
   */
  public void tend(long now) {
    keeper.keepNext(services, now);
    learnNext();
  }

  /** The end: nothing is called any more by the thread of detection, and the rest is saved. */
  public void end() {
    keeper.end(services);
  }

  /**
   * Takes over the service that has learnt its past since, and has one more learn that is not known
   * yet, or sends at another interval than when it was learnt: it begins with the models that were
   * saved, and learns what is stored of the time since, or of the last {@value #RECALLED} steps.
   * Called once a second: many new services at once do not keep the processor from detection, and a
   * database that is slow holds up nothing but this. A service that is heard again after a restart
   * waits until its interval is known, but 5 minutes at most: rates over too short a window have no
   * values to learn from.
   *
   * @throws RuntimeException if storage did not answer; the service is then tried again later
   */
  public void learnNext() {
    takeOver();
    if (learning == null) {
      begin();
      // At once, where it was learnt on this thread.
      takeOver();
    }
  }

  private void begin() {
    Optional<SignalSnapshot> next =
        unknown.values().stream().filter(s -> !s.settling()).findFirst();
    if (next.isEmpty()) {
      return;
    }
    SignalSnapshot snapshot = next.get();
    // To the end of the queue first: a service whose history cannot be read holds up no other.
    unknown.remove(snapshot.key());
    unknown.put(snapshot.key(), snapshot);
    List<Trouble> past = troubles.of(snapshot.key());
    learning = new Learning(snapshot.key(), () -> learnt(snapshot, past), learner);
  }

  private void takeOver() {
    Learning done = learning;
    if (done != null && done.isDone()) {
      learning = null;
      WatchedService service = done.learnt(troubles.of(done.key()));
      unknown.remove(done.key());
      services.put(done.key(), service);
    }
  }

  private WatchedService learnt(SignalSnapshot snapshot, List<Trouble> past) {
    WatchedService service =
        keeper
            .find(snapshot.key(), snapshot.windowMillis(), snapshot.at())
            .orElseGet(() -> new WatchedService(snapshot.windowMillis()));
    recall(service, snapshot, past);
    return service;
  }

  private void recall(WatchedService service, SignalSnapshot snapshot, List<Trouble> past) {
    long step = service.step();
    long to = Math.floorDiv(snapshot.at(), step);
    long from = to - RECALLED + 1;
    if (service.lastStep() < from - 1) {
      service.loseAnomalies();
    }
    from = Math.max(from, service.lastStep() + 1);
    if (from > to) {
      return;
    }
    try {
      service.recall(
          history.read(snapshot.key(), snapshot.windowMillis(), from * step, to * step, step),
          past);
    } catch (QueryException e) {
      // Its past has no answer, for example because it is too long: it learns from now on.
      unread.increment();
    }
  }

  /**
   * Goes on where the last life ended, so far as rules remember.
   *
   * @param firing the signals that were firing
   * @param remembered what rules remembered besides
   */
  public void restore(List<Detected> firing, List<Remembered> remembered) {
    found.restore(firing, remembered);
    troubles.restore(remembered);
    found.keep(rules);
  }

  /**
   * What a restart must not make begin anew, for {@link #restore}.
   *
   * @param now milliseconds since the epoch
   */
  public List<Remembered> remembered(long now) {
    List<Remembered> all = new ArrayList<>(found.remembered(rules, now));
    all.addAll(troubles.remembered(now));
    return all;
  }

  /** A service that is not expected to come back. */
  public void forget(ServiceKey key) {
    if (learning != null && learning.key().equals(key)) {
      learning = null;
    }
    services.remove(key);
    unknown.remove(key);
    newest.remove(key);
    found.forget(key);
    fleet.forget(key);
    troubles.forget(key);
    keeper.forget(key);
  }

  /** How unusual the service is; empty while nothing is known of it. */
  public Optional<ServiceAnomalies> anomalies(ServiceKey key) {
    return Optional.ofNullable(newest.get(key));
  }

  /** How unusual every service is. */
  public List<ServiceAnomalies> all() {
    return newest.values().stream().sorted((a, b) -> a.key().compareTo(b.key())).toList();
  }

  /** Services that start without a past because the query for it had no answer. */
  public long unread() {
    return unread.sum();
  }

  /** How often a service was not looked at because there are too many. */
  public long refused() {
    return refused.sum();
  }

  private void judge(ServiceAnomalies service) {
    newest.put(service.key(), service);
    for (Catalog.Rule rule : rules) {
      if (rule.covers(service.key().service(), service.key().env())) {
        box.put(rule, List.of(found.find(rule, service)));
      }
    }
  }
}
