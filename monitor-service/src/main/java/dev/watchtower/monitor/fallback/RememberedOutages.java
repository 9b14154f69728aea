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
 * The outages of a store, and in memory how at most {@value #MOST} of them stand that somebody is
 * still to be told of: a disk that is full, or a file that cannot even be read, must keep
 * incident-service neither from hearing of an outage nor of its end. A card for Discord is queued
 * by way of the store alone. Safe for use by several threads.
 */
public final class RememberedOutages {
  private static final int MOST = 1_000;

  /** The cleared ones first: the store has one open outage of a target at most. */
  private static final Comparator<Outage> IN_ORDER =
      Comparator.comparing((Outage o) -> o.clearedAt() == null).thenComparing(Outage::firedAt);

  /**
   * An outage as it stands now.
   *
   * @param written whether the store has it as it stands
   */
  private record Held(Outage outage, boolean written) {}

  private final Outages store;

  /** What changes one, and writing it to the store, wait for each other. */
  private final Map<UUID, Held> held = new ConcurrentHashMap<>();

  /** The outages of {@code store}. */
  public RememberedOutages(Outages store) {
    this.store = store;
  }

  /**
   * Takes a new one without waiting for the store, which is given it by {@link #write}. Where too
   * many are held, it is stored here and now, or what the store throws is thrown.
   */
  public void open(Outage outage) {
    if (held.size() < MOST) {
      held.put(outage.id(), new Held(outage, false));
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
    var waiting = held.values().stream().filter(h -> !h.written()).map(Held::outage);
    for (var outage : waiting.sorted(IN_ORDER).toList()) {
      write(outage.id());
      written++;
    }
    return written;
  }

  private void write(UUID id) {
    held.computeIfPresent(
        id,
        (_, known) -> {
          if (!known.written()) {
            store.open(known.outage());
          }
          return kept(known.outage(), true);
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
    UnaryOperator<Outage> decide =
        o ->
            with(
                o,
                o.clearedAt(),
                decided(o, Outage.Route.DISCORD),
                o.firingDone(),
                o.clearedDone());
    if (channels.isEmpty()) {
      change(id, () -> store.tellDiscord(id, channels, now), decide);
      return;
    }
    held.compute(
        id,
        (_, known) -> {
          if (known != null && !known.written()) {
            store.open(known.outage());
          }
          store.tellDiscord(id, channels, now);
          return known == null ? null : kept(decide.apply(known.outage()), true);
        });
  }

  private static Outage.Route decided(Outage outage, Outage.Route route) {
    return outage.route() == Outage.Route.PENDING ? route : outage.route();
  }

  /** The outage as it stands. */
  public Optional<Outage> find(UUID id) {
    var known = held.get(id);
    return known == null ? store.find(id) : Optional.of(known.outage());
  }

  /**
   * Those in the store that are not over, or of which somebody is still to be told. From now on
   * they are in memory too.
   */
  public List<Outage> unfinished() {
    var all = store.unfinished();
    all.stream()
        .limit(Math.max(0, MOST - held.size()))
        .forEach(o -> held.putIfAbsent(o.id(), new Held(o, true)));
    return all;
  }

  private void change(UUID id, Runnable stored, UnaryOperator<Outage> change) {
    held.compute(
        id,
        (_, known) -> {
          if (known == null) {
            stored.run();
            return null;
          }
          return kept(change.apply(known.outage()), known.written() && ran(stored));
        });
  }

  private static boolean ran(Runnable stored) {
    try {
      stored.run();
      return true;
    } catch (RuntimeException e) {
      // It is given to the store as it stands then.
      return false;
    }
  }

  /** What is over, told and stored need be held no more. */
  private static @Nullable Held kept(Outage outage, boolean written) {
    boolean finished =
        outage.clearedAt() != null
            && outage.route() != Outage.Route.PENDING
            && outage.firingDone()
            && outage.clearedDone();
    return finished && written ? null : new Held(outage, written);
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
