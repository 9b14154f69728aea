package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Playbook;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incidents;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * All that stands between a plan and its execution. Asked again after an approval. In the caller's
 * transaction; thread-safe.
 */
public final class Gate {
  /** Whether people are at work on what a repair would act on. */
  @FunctionalInterface
  public interface Maintenance {
    /** The window that covers the signal now, in words. */
    Optional<String> covers(IncidentSignal signal, String env, Instant now);
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

  private final Repairs repairs;
  private final Incidents incidents;
  private final Maintenance maintenance;

  /** A gate. */
  public Gate(Repairs repairs, Incidents incidents, Maintenance maintenance) {
    this.repairs = repairs;
    this.incidents = incidents;
    this.maintenance = maintenance;
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
      return repairs.isAwaited(playbook.name(), planned.order().service())
          ? new Verdict.No("a person has been asked for the same already")
          : new Verdict.Ask(now.plus(playbook.approveWithin()));
    }
    return new Verdict.Go(playbook.judgedAfter());
  }

  private Optional<String> objection(Repair planned, Playbook playbook, Instant now) {
    // After an outage of ours the plan may be old, and the service long healthy again.
    if (hasCleared(planned)) {
      return Optional.of("the signal that asked for it cleared before");
    }
    if (!playbook.action().word().equals(planned.order().action())) {
      return Optional.of("the catalog has another action for it now");
    }
    var incident = incidents.find(planned.incident());
    if (incident.filter(i -> !playbook.actsIn(i.state())).isPresent()) {
      return Optional.of("not while the incident is " + incident.get().state());
    }
    var window = incident.flatMap(i -> windowOver(i, planned, now));
    if (window.isPresent()) {
      return window;
    }
    var service = planned.order().service();
    return Guard.objection(
        playbook,
        repairs.starts(service, now.minus(longest(playbook))),
        repairs.isBusy(service),
        now);
  }

  private Optional<String> windowOver(Incident incident, Repair planned, Instant now) {
    return incident
        .signal(planned.order().fingerprint())
        .flatMap(s -> maintenance.covers(s, incident.subject().env(), now))
        .map(window -> "not during " + window);
  }

  private static Duration longest(Playbook playbook) {
    var hour = Duration.ofHours(1);
    return playbook.cooldown().compareTo(hour) > 0 ? playbook.cooldown() : hour;
  }

  /** Whether the signal that asked for it has cleared. */
  boolean hasCleared(Repair repair) {
    return incidents
        .lock(repair.incident())
        .flatMap(incident -> incident.signal(repair.order().fingerprint()))
        .filter(signal -> signal.status() == SignalStatus.CLEARED)
        .isPresent();
  }
}
