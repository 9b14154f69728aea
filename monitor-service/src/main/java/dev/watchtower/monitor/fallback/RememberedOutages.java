package dev.watchtower.monitor.fallback;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The outages of a store, and in memory at most {@value #MOST} that it has not taken as they stand
 * now: a full disk must keep incident-service neither from hearing of an outage nor of its end. A
 * card for Discord is queued by way of the store alone. Safe for use by several threads.
 */
public final class RememberedOutages {
  private static final int MOST = 1_000;

  /** The cleared ones first: the store has one open outage of a target at most. */
  private static final Comparator<Outage> IN_ORDER =
      Comparator.comparing((Outage o) -> o.clearedAt() == null).thenComparing(Outage::firedAt);

  private final Outages store;

  /** Each as it stands now; what changes one, and writing it to the store, wait for each other. */
  private final Map<UUID, Outage> unwritten = new ConcurrentHashMap<>();

  /** The outages of {@code store}. */
  public RememberedOutages(Outages store) {
    this.store = store;
  }

  /**
   * Takes a new one without waiting for the store, which is given it by {@link #write}. Where too
   * many wait for that, it is stored here and now, or what the store throws is thrown.
   */
  public void open(Outage outage) {
    if (unwritten.size() < MOST) {
      unwritten.put(outage.id(), outage);
    } else {
      store.open(outage);
    }
  }

  /**
   * Gives the store what it does not have; how much it took. Throws what the store throws, and
   * keeps the rest.
   */
  public int write() {
    int written = 0;
    for (var outage : unwritten.values().stream().sorted(IN_ORDER).toList()) {
      write(outage.id());
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

  /** Marks it as over. */
  public void clear(UUID id, Instant at) {
    change(
        id,
        () -> store.clear(id, at),
        o -> with(o, at, o.route(), o.firingDone(), o.clearedDone()));
  }

  /** Records what became of the FIRING signal, as {@link Outages#firingDone}. */
  public void firingDone(UUID id, boolean accepted) {
    change(
        id,
        () -> store.firingDone(id, accepted),
        o ->
            with(
                o,
                o.clearedAt(),
                accepted ? decided(o, Outage.Route.INCIDENT) : o.route(),
                true,
                o.clearedDone()));
  }

  /** Records that the CLEARED signal needs no more attempts. */
  public void clearedDone(UUID id) {
    change(
        id,
        () -> store.clearedDone(id),
        o -> with(o, o.clearedAt(), o.route(), o.firingDone(), true));
  }

  /**
   * Decides for Discord and queues the card for the channels, both or neither. Throws what the
   * store throws, unless there is nothing to queue.
   */
  public void tellDiscord(UUID id, List<String> channels, Instant now) {
    if (channels.isEmpty()) {
      change(
          id,
          () -> store.tellDiscord(id, channels, now),
          o ->
              with(
                  o,
                  o.clearedAt(),
                  decided(o, Outage.Route.DISCORD),
                  o.firingDone(),
                  o.clearedDone()));
      return;
    }
    unwritten.compute(
        id,
        (_, held) -> {
          if (held != null) {
            store.open(held);
          }
          store.tellDiscord(id, channels, now);
          return null;
        });
  }

  private static Outage.Route decided(Outage outage, Outage.Route route) {
    return outage.route() == Outage.Route.PENDING ? route : outage.route();
  }

  /** The outage as it stands. */
  public Optional<Outage> find(UUID id) {
    var outage = unwritten.get(id);
    return outage == null ? store.find(id) : Optional.of(outage);
  }

  /** Those in the store that are not over, or of which somebody is still to be told. */
  public List<Outage> unfinished() {
    return store.unfinished();
  }

  private void change(UUID id, Runnable stored, UnaryOperator<Outage> change) {
    unwritten.compute(
        id,
        (_, held) -> {
          if (held != null) {
            return change.apply(held);
          }
          try {
            stored.run();
            return null;
          } catch (RuntimeException e) {
            if (unwritten.size() >= MOST) {
              throw e;
            }
            // A full disk, or one that is read-only, can be read.
            return change.apply(store.find(id).orElseThrow(() -> e));
          }
        });
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
