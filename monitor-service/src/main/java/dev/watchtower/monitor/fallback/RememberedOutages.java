package dev.watchtower.monitor.fallback;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The outages of a store, and in memory at most {@value #MOST} that it could not take: a full disk
 * must not keep incident-service from hearing of an outage. Discord is told by way of the store
 * alone. Safe for use by several threads.
 */
public final class RememberedOutages implements Outages {
  private static final int MOST = 1_000;

  private final Outages store;

  /** Each as it stands now; what changes one, and writing it to the store, wait for each other. */
  private final Map<UUID, Outage> unwritten = new ConcurrentHashMap<>();

  /** The outages of {@code store}. */
  public RememberedOutages(Outages store) {
    this.store = store;
  }

  @Override
  public void open(Outage outage) {
    try {
      store.open(outage);
    } catch (RuntimeException e) {
      if (unwritten.size() >= MOST) {
        throw e;
      }
      // The store's own fault is told by whoever writes to it at every result of a probe.
      unwritten.put(outage.id(), outage);
    }
  }

  /**
   * Gives the store what it could not take; how much it took. Throws what the store throws, and
   * keeps the rest.
   */
  public int write() {
    int written = 0;
    for (var id : Set.copyOf(unwritten.keySet())) {
      write(id);
      written++;
    }
    return written;
  }

  private void write(UUID id) {
    unwritten.computeIfPresent(
        id,
        (_, outage) -> {
          store.open(outage);
          return null;
        });
  }

  @Override
  public void clear(UUID id, Instant at) {
    if (!changed(id, o -> with(o, at, o.route(), o.firingDone(), o.clearedDone()))) {
      store.clear(id, at);
    }
  }

  @Override
  public void firingDone(UUID id, boolean accepted) {
    if (!changed(id, o -> with(o, o.clearedAt(), routed(o, accepted), true, o.clearedDone()))) {
      store.firingDone(id, accepted);
    }
  }

  private static Outage.Route routed(Outage outage, boolean accepted) {
    return accepted && outage.route() == Outage.Route.PENDING
        ? Outage.Route.INCIDENT
        : outage.route();
  }

  @Override
  public void clearedDone(UUID id) {
    if (!changed(id, o -> with(o, o.clearedAt(), o.route(), o.firingDone(), true))) {
      store.clearedDone(id);
    }
  }

  @Override
  public void tellDiscord(UUID id, List<String> channels, Instant now) {
    write(id);
    store.tellDiscord(id, channels, now);
  }

  @Override
  public Optional<Outage> find(UUID id) {
    var outage = unwritten.get(id);
    return outage == null ? store.find(id) : Optional.of(outage);
  }

  @Override
  public List<Outage> unfinished() {
    return store.unfinished();
  }

  @Override
  public void forget(Instant before) {
    store.forget(before);
  }

  private boolean changed(UUID id, UnaryOperator<Outage> change) {
    return unwritten.computeIfPresent(id, (_, outage) -> change.apply(outage)) != null;
  }

  private static Outage with(
      Outage o,
      @Nullable Instant clearedAt,
      Outage.Route route,
      boolean firingDone,
      boolean clearedDone) {
    return new Outage(
        o.id(),
        o.target(),
        o.service(),
        o.env(),
        o.severity(),
        o.reason(),
        o.since(),
        o.firedAt(),
        clearedAt,
        route,
        o.firingSignal(),
        o.clearedSignal(),
        firingDone,
        clearedDone);
  }
}
