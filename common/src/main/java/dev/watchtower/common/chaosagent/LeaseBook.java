package dev.watchtower.common.chaosagent;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.FaultLease;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The faults in force, each until its time to live is over: nobody has to be left to end them. Time
 * is a monotonic nanosecond count; should it ever step back, leases end, because the safe side is
 * no fault. Safe for use by several threads.
 */
final class LeaseBook {
  private static final int MAX_LEASES = 8;

  /** Of so many that were ended it is known that they are not to come back. */
  private static final int MAX_ENDED = 64;

  /**
   * A fault in force.
   *
   * @param id its controller's name for it
   * @param request what was asked for
   * @param grantedAt nanosecond count when it was last renewed
   */
  record Lease(String id, FaultLease request, Fault fault, long grantedAt) {
    boolean isActive(long now) {
      long age = now - grantedAt;
      return age >= 0 && age < Duration.ofMillis(request.ttlMillis()).toNanos();
    }

    Duration left(long now) {
      return Duration.ofMillis(request.ttlMillis()).minusNanos(now - grantedAt);
    }
  }

  private final LongSupplier nanos;
  private final Map<String, Lease> leases = new LinkedHashMap<>();
  private final Set<String> ended = new LinkedHashSet<>();

  LeaseBook(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A lease and whether it began now; one that was renewed did not. */
  record Granted(Lease lease, boolean begun) {}

  /**
   * Begins or renews a lease.
   *
   * @throws Problem 400 for a fault that is not one; 409 when too many are in force, or when it was
   *     ended: a renewal that was under way then, or that comes from somebody who does not know of
   *     the end, must not bring the fault back
   */
  synchronized Granted grant(String id, FaultLease request) {
    var fault = FaultReader.read(request);
    dropEnded();
    if (ended.contains(id)) {
      throw Problem.of(
          409, "lease-ended", "This lease was ended", "A fault that was ended needs a new lease.");
    }
    if (!leases.containsKey(id) && leases.size() >= MAX_LEASES) {
      throw Problem.of(
          409,
          "too-many-faults",
          "Too many faults at once",
          "At most " + MAX_LEASES + " faults are held at once; end one first.");
    }
    var lease = new Lease(id, request, fault, nanos.getAsLong());
    var before = leases.put(id, lease);
    return new Granted(lease, before == null || !before.fault().equals(fault));
  }

  /** Whether there was such a lease; it is over. */
  synchronized boolean end(String id) {
    dropEnded();
    ended.add(id);
    if (ended.size() > MAX_ENDED) {
      ended.remove(ended.iterator().next());
    }
    return leases.remove(id) != null;
  }

  synchronized List<Lease> active() {
    dropEnded();
    return List.copyOf(leases.values());
  }

  /** How long the lease has still to run; zero or less when it is over. */
  synchronized Duration left(Lease lease) {
    return lease.left(nanos.getAsLong());
  }

  /** Whether a lease of that id still holds that fault. */
  synchronized boolean holds(String id, Fault fault) {
    var lease = leases.get(id);
    return lease != null && lease.fault().equals(fault) && lease.isActive(nanos.getAsLong());
  }

  /** The faults of a type that are in force. */
  <T extends Fault> Stream<T> faults(Class<T> type) {
    return active().stream().map(Lease::fault).filter(type::isInstance).map(type::cast);
  }

  /** Whether a fault equal to this is still in force. */
  boolean isActive(Fault fault) {
    return active().stream().map(Lease::fault).anyMatch(Predicate.isEqual(fault));
  }

  private void dropEnded() {
    long now = nanos.getAsLong();
    leases.values().removeIf(l -> !l.isActive(now));
  }
}
