package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store of incidents. Everything happens in the caller's transaction; thread-safe.
 *
 * <p>Changes throw {@link ConcurrentChange} when somebody else was faster; the transaction is then
 * lost and may be tried again.
 */
public interface Incidents {
  /**
   * What a list is narrowed to; empty sets and nulls mean everything.
   *
   * @param from opened at this instant or later
   * @param to opened before this instant
   * @param below only numbers below this one: where the next page goes on
   */
  record Filter(
      Set<IncidentState> states,
      Set<Severity> severities,
      @Nullable String service,
      @Nullable String env,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Long below) {
    public Filter {
      states = Set.copyOf(states);
      severities = Set.copyOf(severities);
    }
  }

  /** The incident, without a lock. */
  Optional<Incident> find(UUID id);

  /** The incident, locked until the transaction ends. */
  Optional<Incident> lock(UUID id);

  /**
   * Makes callers with the same scope and environment wait for one another until the transaction
   * ends, so that two first signals open one incident.
   *
   * @param scope a name for the services whose signals can end up in one incident
   */
  void lockScope(String scope, String env);

  /** The unresolved incident of a service and environment, locked until the transaction ends. */
  Optional<Incident> lockOpen(String service, String env);

  /**
   * The unresolved incidents of an environment that are about one of the services or have a signal
   * of one of the fingerprints, locked until the transaction ends, always in the same order.
   *
   * @param except those that the caller has locked already
   */
  List<Incident> lockUnresolved(
      String env, Collection<String> services, Collection<String> fingerprints, Set<UUID> except);

  /** The unresolved incidents of the services in an environment, without a lock, by number. */
  List<Incident> unresolvedOf(Collection<String> services, String env);

  /** Opens an incident. */
  Incident open(Subject subject, Grade grade, Instant at);

  /**
   * Stores a changed incident, and those of its signals that differ.
   *
   * @param before it as this transaction has read it
   * @return it with its new version
   */
  Incident update(Incident before, Incident after);

  /**
   * The last incident of the environment that was resolved at {@code since} or later and had a
   * signal of that fingerprint.
   */
  Optional<UUID> lastResolved(String env, String fingerprint, Instant since);

  /** At most {@code limit} incidents, the newest first. */
  List<Incident> list(Filter filter, int limit);

  /** Incidents whose flapping signals have kept still for long enough, at most {@code limit}. */
  List<UUID> dueForCalm(Instant now, int limit);

  /** Incidents whose auto-resolve timer has run out, at most {@code limit}. */
  List<UUID> dueForAutoResolve(Instant now, int limit);
}
