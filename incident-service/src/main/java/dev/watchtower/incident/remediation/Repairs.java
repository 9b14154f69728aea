package dev.watchtower.incident.remediation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The remediation log. In the caller's transaction; thread-safe. */
public interface Repairs {
  /** A use of a playbook to come. */
  record Plan(
      UUID incident,
      String playbook,
      String action,
      String service,
      String fingerprint,
      String trigger) {}

  /** Writes a plan down. */
  void plan(Plan plan, Instant now);

  /** The lines in that state, the oldest first; at most 100. */
  List<Repair> in(Repair.State state);

  /** The line, locked until the transaction ends; empty if another process has it. */
  Optional<Repair> lock(UUID id);

  /** The line. */
  Optional<Repair> find(UUID id);

  /** When actions on a service were started at {@code since} or later. */
  List<Instant> starts(String service, Instant since);

  /** Whether an action on a service is under way. */
  boolean isBusy(String service);

  /** Marks a line as running. */
  void start(UUID id, Instant now, Instant checkBy);

  /** Marks a line as waiting for its effect. */
  void check(UUID id);

  /** Ends a line. */
  void end(UUID id, Repair.State state, String reason, Instant now);

  /** The newest line of an incident in words, empty for none. */
  String lastFor(UUID incident);

  /** Lines below {@code below}, the newest first. */
  List<Repair> list(@Nullable UUID incident, @Nullable Long below, int limit);
}
