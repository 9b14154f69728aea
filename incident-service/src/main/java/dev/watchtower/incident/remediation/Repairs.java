package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Playbook;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The remediation log. In the caller's transaction; thread-safe. */
public interface Repairs {
  /**
   * A use of a playbook to come.
   *
   * @param within how long the expected effect may take; null where none is expected
   */
  record Plan(UUID incident, Repair.Order order, @Nullable Duration within) {
    /** What the playbook provides for a signal of the incident. */
    static Plan of(Playbook playbook, IncidentSignal signal, UUID incident) {
      var expect = playbook.expect();
      return new Plan(
          incident,
          new Repair.Order(
              playbook.name(),
              playbook.action().word(),
              Repair.Order.commandOf(playbook.action()),
              signal.service(),
              Repair.Order.targetOf(playbook.action(), signal.service()),
              signal.fingerprint(),
              Repair.triggerOf(signal),
              playbook.dryRun(),
              playbook.risky(),
              expect == null ? null : Repair.Expected.of(expect)),
          expect == null ? null : expect.within());
    }
  }

  /**
   * An end.
   *
   * @param after the last value seen of the expected signal
   * @param undo whether it is to be taken back
   */
  record End(
      Repair.State state,
      Repair.Effect effect,
      String reason,
      @Nullable Double after,
      boolean undo) {
    /** The same, to be taken back or not. */
    End undone(boolean undone) {
      return new End(state, effect, reason, after, undone);
    }

    /** Of one that was not done. */
    static End notDone(Repair.State state, String reason) {
      return new End(state, Repair.Effect.UNKNOWN, reason, null, false);
    }

    /** Of one that could not be done. */
    static End failed(String reason) {
      return new End(Repair.State.FAILED, Repair.Effect.NOT_MET, reason, null, false);
    }
  }

  /**
   * Writes a plan down, unless a line of the same playbook, service and incident is not over: a
   * storm of signals asks for one repair, not for one each.
   *
   * @return whether it was written
   */
  boolean plan(Plan plan, Instant now);

  /** Of each service the oldest line that is planned; the oldest first, at most 100. */
  List<Repair> next();

  /** The lines in that state, the oldest first; at most 100. */
  List<Repair> in(Repair.State state);

  /** The lines that are to be taken back, the oldest first; at most 100. */
  List<Repair> toUndo();

  /**
   * Makes callers whose repairs are for the same service, or act on the same process, wait for one
   * another until the transaction ends.
   */
  void lockTarget(Repair repair);

  /** The line, locked until the transaction ends; empty if another process has it. */
  Optional<Repair> lock(UUID id);

  /** The line, locked until the transaction ends; waits for whoever has it. */
  Optional<Repair> await(UUID id);

  /** The line. */
  Optional<Repair> find(UUID id);

  /** That an action was started, and by which playbook. */
  record Start(String playbook, Instant at) {}

  /**
   * The actions for what the repair is for, or on what it acts on, that were started at {@code
   * since} or later, by whichever playbook: for the service in its environment, or on the one
   * process.
   */
  List<Start> starts(Repair repair, Instant since);

  /**
   * When lines of the playbook and service in that environment were planned last, for the signal of
   * each fingerprint: those planned at {@code since} or later, but for what was {@code SKIPPED}.
   */
  Map<String, Instant> plannedFor(String playbook, String service, String env, Instant since);

  /** Whether such an action is under way, or is being taken back. */
  boolean isBusy(Repair repair);

  /** Whether a person has been asked for the same already. */
  boolean isAwaited(Repair repair);

  /** Marks a line as waiting for a person. */
  void ask(UUID id, Instant approveBy);

  /** Marks a line that waited for a person as planned again. */
  void approve(UUID id, String person);

  /** Notes who rejected a line. */
  void rejectedBy(UUID id, String person);

  /**
   * Marks a line as running.
   *
   * @param wayBack what takes its action back; null if nothing does
   */
  void start(
      UUID id, @Nullable Double before, @Nullable String wayBack, Instant now, Instant checkBy);

  /** What takes the line's action back, as it was when that was started; empty if nothing does. */
  Optional<String> wayBack(UUID id);

  /** Marks a running line as waiting for its effect; false if it was not running any more. */
  boolean check(UUID id, String outcome, Instant checkBy);

  /** Ends a line. */
  void end(UUID id, End end, Instant now);

  /**
   * Gives the lines that are not over to another incident, with the signals that asked for them.
   */
  void move(Collection<String> fingerprints, UUID from, UUID to);

  /** Notes that another signal asks for a line now. */
  void askedBy(UUID id, String fingerprint, String trigger);

  /** Notes how taking a line back went. */
  void undone(UUID id, boolean done, String outcome);

  /**
   * What became of the repairs of an incident last, in words; empty if there were none. What is not
   * over comes first, then what ended last; a line that was skipped counts from when its signal
   * began to fire, and only as long as that fires: nobody repairs what came back since.
   */
  String lastFor(UUID incident);

  /** Lines of an incident or all, in a state or any, below {@code below}; the newest first. */
  List<Repair> list(
      @Nullable UUID incident, Repair.@Nullable State state, @Nullable Long below, int limit);
}
