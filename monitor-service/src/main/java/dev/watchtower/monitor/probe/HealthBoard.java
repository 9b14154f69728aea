package dev.watchtower.monitor.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of every target, in memory, with the states kept in the store. Safe for use by several
 * threads; reading never waits.
 */
public final class HealthBoard {
  private static final Logger LOG = LoggerFactory.getLogger(HealthBoard.class);

  /** Told of every result, on the probing thread, after the board has it. */
  @FunctionalInterface
  public interface Listener {
    /** {@code after} follows {@code before}; their states differ when something went up or down. */
    void observed(Target target, Observed before, Observed after, Instant now);
  }

  private record Entry(Target target, Observed observed) {}

  /** How old the kept time of the last check may get. */
  private static final Duration SAVE_EVERY = Duration.ofSeconds(30);

  private final ObservedStates store;
  private final LongSupplier nanos;
  private final long begunNanos;
  private final long graceNanos;

  /** What an earlier process left, until the first {@link #watch}. */
  private final Map<String, Observed> restored;

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Map<String, Instant> savedAt = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Instant> unwritableSince = new AtomicReference<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /**
   * The board as the store left it.
   *
   * @param grace how long from now on nothing is called down that was not seen up
   * @param nanos counts on whatever becomes of the clock, as {@link System#nanoTime} does
   */
  public HealthBoard(ObservedStates store, Duration grace, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
    this.begunNanos = nanos.getAsLong();
    this.graceNanos = grace.toNanos();
    this.restored = new HashMap<>(store.load());
  }

  /** Adds {@code listener}. */
  public void onResult(Listener listener) {
    listeners.add(listener);
  }

  /**
   * Makes these the targets; what is known of the ones that stay is kept, and of the others
   * forgotten: one that comes back later begins anew. The first call takes up what an earlier
   * process left. Not to be called by two threads at once.
   */
  public void watch(List<Target> targets, Instant now) {
    var names = targets.stream().map(Target::name).collect(Collectors.toSet());
    for (var target : targets) {
      entries.compute(
          target.name(),
          (name, old) ->
              new Entry(
                  target,
                  old != null
                      ? old.observed()
                      : restored.getOrDefault(name, Observed.unknown(now))));
    }
    restored.clear();
    entries.keySet().retainAll(names);
    savedAt.keySet().retainAll(names);
    try {
      store.keepOnly(names);
    } catch (RuntimeException e) {
      // The targets are watched all the same; what stays in the store goes with the next change.
      LOG.atError().setCause(e).log("states of what is watched no more were not removed");
    }
  }

  /**
   * Takes a result; ignored when the target is watched no more. All listeners are told, also where
   * the store does not take it, or one of them throws: what the first threw is thrown then.
   */
  public void take(Target target, ProbeResult result, Instant now) {
    var entry = entries.get(target.name());
    if (entry == null) {
      return;
    }
    // One thread probes one target, so nothing comes between reading and writing but watch().
    var before = entry.observed();
    boolean starting = nanos.getAsLong() - begunNanos < graceNanos;
    var after = before.after(result, now, target.damping(), starting);
    entries.computeIfPresent(target.name(), (name, e) -> new Entry(e.target(), after));
    try {
      // Before it is saved: a store that is slow to fail must hold up nobody who has to hear it.
      tell(l -> l.observed(target, before, after, now));
    } finally {
      var saved = savedAt.get(target.name());
      if (before.state() != after.state()
          || saved == null
          || Duration.between(saved, now).compareTo(SAVE_EVERY) >= 0) {
        save(target.name(), after, now);
      }
    }
  }

  // Whatever becomes of the store: what it does not take is tried with the next result.
  private void save(String target, Observed observed, Instant now) {
    try {
      store.save(target, observed);
    } catch (RuntimeException e) {
      savedAt.remove(target);
      if (unwritableSince.compareAndSet(null, now)) {
        LOG.atError().setCause(e).log("states cannot be stored, trying with every result");
      }
      return;
    }
    savedAt.put(target, now);
    if (unwritableSince.getAndSet(null) != null) {
      LOG.atInfo().log("states are stored again");
    }
  }

  // Each hears it, whatever another throws.
  private void tell(Consumer<Listener> news) {
    RuntimeException first = null;
    for (var listener : listeners) {
      try {
        news.accept(listener);
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

  /** Since when the store has not taken the states; empty when it takes them. */
  public Optional<Instant> unwritableSince() {
    return Optional.ofNullable(unwritableSince.get());
  }

  /** Everything: Watchtower's own first, then by name. */
  public List<HealthView> all() {
    return entries.values().stream()
        .sorted(
            Comparator.comparing((Entry e) -> e.target().kind())
                .thenComparing(e -> e.target().name()))
        .map(e -> HealthView.of(e.target(), e.observed()))
        .toList();
  }

  /** One target's health. */
  public Optional<HealthView> of(String target) {
    return Optional.ofNullable(entries.get(target))
        .map(e -> HealthView.of(e.target(), e.observed()));
  }

  /** Whether any target speaks for a service. */
  public boolean watches(String service, String env) {
    return entries.values().stream()
        .anyMatch(e -> e.target().service().equals(service) && e.target().env().equals(env));
  }

  /** The worst state among the targets that speak for a service; UNKNOWN when none does. */
  public HealthState ofService(String service, String env) {
    var worst = HealthState.UNKNOWN;
    for (var entry : entries.values()) {
      if (entry.target().service().equals(service) && entry.target().env().equals(env)) {
        if (entry.observed().state() == HealthState.DOWN) {
          return HealthState.DOWN;
        }
        if (entry.observed().state() == HealthState.UP) {
          worst = HealthState.UP;
        }
      }
    }
    return worst;
  }
}
