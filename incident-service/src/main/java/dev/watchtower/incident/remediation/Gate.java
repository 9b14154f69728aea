package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Playbook;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incidents;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that stands between a plan and its execution. Asked again after an approval. In the caller's
 * transaction; thread-safe.
 */
public final class Gate {
  /** Whether people are at work on what a repair would act on. */
  @FunctionalInterface
  public interface Maintenance {
    /**
     * The window that covers the signal now, in words.
     *
     * @param service in place of the signal's own
     */
    Optional<String> covers(IncidentSignal signal, String service, String env, Instant now);
  }

  /** Where the processes run that playbooks act on. */
  @FunctionalInterface
  public interface Processes {
    /** The environment of a process; empty if nobody says. */
    Optional<String> environmentOf(String process);
  }

  /** What to do with a plan. */
  sealed interface Verdict {
    /** Not to be done. */
    record No(String why) implements Verdict {}

    /** A person is asked, until then. */
    record Ask(Instant until) implements Verdict {}

    /** To be done now; its effect is judged after a time. */
    record Go(Duration within) implements Verdict {}
  }

  /** Why nothing is done for a signal that is gone with its incident. */
  static final String NOBODY_ASKS =
      "no incident that lasts has the signal that asked for it any more";

  private final Repairs repairs;
  private final Incidents incidents;
  private final Maintenance maintenance;
  private final Processes processes;

  /** A gate. */
  public Gate(Repairs repairs, Incidents incidents, Maintenance maintenance, Processes processes) {
    this.repairs = repairs;
    this.incidents = incidents;
    this.maintenance = maintenance;
    this.processes = processes;
  }

  Verdict decide(Repair planned, Optional<Playbook> found, Instant now) {
    if (found.isEmpty()) {
      return new Verdict.No("the playbook is not in the catalog any more");
    }
    var playbook = found.get();
    var objection = objection(planned, playbook, now);
    if (objection.isPresent()) {
      return new Verdict.No(objection.get());
    }
    if (planned.order().dryRun()) {
      return new Verdict.No("dry run: nothing stood in its way, it would have been done");
    }
    if (planned.order().risky() && planned.result().decidedBy() == null) {
      return repairs.isAwaited(planned)
          ? new Verdict.No("a person has been asked for the same already")
          : new Verdict.Ask(now.plus(playbook.approveWithin()));
    }
    return new Verdict.Go(playbook.judgedAfter());
  }

  private Optional<String> objection(Repair planned, Playbook playbook, Instant now) {
    var holder = holderOf(planned);
    // After an outage of ours the plan may be old, and the service long healthy again.
    if (hasCleared(planned, holder)) {
      return Optional.of("the signal that asked for it cleared before");
    }
    if (isOutdated(planned, Optional.of(playbook))) {
      return Optional.of("the catalog has another action for it now");
    }
    var elsewhere = elsewhere(planned, playbook);
    if (elsewhere.isPresent()) {
      return elsewhere;
    }
    if (holder.isEmpty()) {
      return Optional.of(NOBODY_ASKS);
    }
    var incident = holder.get();
    if (!playbook.actsIn(incident.state())) {
      return Optional.of("not while the incident is " + incident.state());
    }
    var window = windowOver(incident, planned, now);
    if (window.isPresent()) {
      return window;
    }
    return Guard.objection(
        playbook,
        repairs.starts(planned, now.minus(longest(playbook))),
        repairs.isBusy(planned),
        now);
  }

  // There is one process for a service, whatever environment its signals are of: what fails in
  // another one must not restart this one's.
  private Optional<String> elsewhere(Repair planned, Playbook playbook) {
    if (!playbook.isFor(planned.env())) {
      return Optional.of("the playbook is not for " + planned.env());
    }
    if (!playbook.environments().isEmpty() || !playbook.action().isOnAProcess()) {
      return Optional.empty();
    }
    var process = planned.order().target();
    var env = processes.environmentOf(process);
    if (env.isEmpty()) {
      return Optional.of(
          "the catalog does not say in which environment %s runs".formatted(process));
    }
    return env.get().equals(planned.env())
        ? Optional.empty()
        : Optional.of(
            "the process %s runs in %s, not %s".formatted(process, env.get(), planned.env()));
  }

  private Optional<String> windowOver(Incident incident, Repair planned, Instant now) {
    var order = planned.order();
    var env = incident.subject().env();
    return incident
        .signal(order.fingerprint())
        .flatMap(s ->
            maintenance
                .covers(s, s.service(), env, now)
                // People at work on the process may not know whose signals it is used for.
                .or(() ->
                    order.actsOnAProcess()
                        ? maintenance.covers(s, order.target(), envOf(order.target(), env), now)
                        : Optional.empty()))
        .map(window -> "not during " + window);
  }

  private String envOf(String process, String otherwise) {
    return processes.environmentOf(process).orElse(otherwise);
  }

  private static Duration longest(Playbook playbook) {
    var hour = Duration.ofHours(1);
    return playbook.cooldown().compareTo(hour) > 0 ? playbook.cooldown() : hour;
  }

  /** Whether the playbook has another action, command or process now than the line. */
  static boolean isOutdated(Repair line, Optional<Playbook> playbook) {
    return playbook.filter(p -> !line.order().isFor(p.action())).isPresent();
  }

  /** Whether the signal that asked for it has cleared. */
  boolean hasCleared(Repair repair) {
    return hasCleared(repair, holderOf(repair));
  }

  /**
   * The line; if its signal has cleared and another one of the service asks for the same, it is
   * that one's from now on: none is planned beside a line that is not over. What a person approved
   * is for what they were shown, and goes over to none.
   */
  Repair passedOn(Repair line, Optional<Playbook> playbook) {
    var holder = holderOf(line);
    return line.result().decidedBy() == null && hasCleared(line, holder)
        ? playbook
            .flatMap(p -> holder.flatMap(incident -> anotherOf(incident, line, p)))
            .map(signal -> {
              repairs.askedBy(line.id(), signal.fingerprint(), Repair.triggerOf(signal));
              return repairs.find(line.id()).orElse(line);
            })
            .orElse(line)
        : line;
  }

  /**
   * The plan for another signal of the service that still asks for what the line was, and got none
   * since it began to fire; while the line lasted, none was planned beside it. Of what the catalog
   * has another action for now, its own signal asks as well. Whether it is too soon is decided like
   * for any plan.
   */
  Optional<Repairs.Plan> afterwards(Repair ended, Playbook playbook) {
    return holderOf(ended)
        .flatMap(incident ->
            anotherOf(incident, ended, playbook)
                .map(signal -> Repairs.Plan.of(playbook, signal, incident.id())));
  }

  private Optional<IncidentSignal> anotherOf(Incident incident, Repair line, Playbook playbook) {
    var service = line.order().service();
    var env = incident.subject().env();
    var asking =
        incident.signals().stream()
            .filter(s ->
                isOutdated(line, Optional.of(playbook))
                    || !s.fingerprint().equals(line.order().fingerprint()))
            .filter(s -> s.status() == SignalStatus.FIRING && s.service().equals(service))
            .filter(s -> playbook.covers(s.provenKind(), service, env))
            .toList();
    var since = asking.stream().map(IncidentSignal::firedAt).min(Comparator.naturalOrder());
    if (since.isEmpty()) {
      return Optional.empty();
    }
    // Else two that never clear would ask by turns for ever.
    var served = repairs.plannedFor(playbook.name(), service, env, since.get());
    return asking.stream().filter(s -> !isServed(s, served)).findFirst();
  }

  private static boolean isServed(IncidentSignal signal, Map<String, Instant> served) {
    var at = served.get(signal.fingerprint());
    return at != null && !at.isBefore(signal.firedAt());
  }

  private boolean hasCleared(Repair repair, Optional<Incident> holder) {
    return holder
        .or(() -> incidents.find(repair.incident()))
        .flatMap(incident -> incident.signal(repair.order().fingerprint()))
        .filter(signal -> signal.status() == SignalStatus.CLEARED)
        .isPresent();
  }

  /**
   * The unresolved incident that has the signal now, locked: people may have merged or split it
   * since.
   */
  Optional<Incident> holderOf(Repair repair) {
    return incidents
        .lockUnresolved(repair.env(), List.of(), List.of(repair.order().fingerprint()), Set.of())
        .stream()
        .max(Comparator.comparingLong(Incident::number));
  }
}
