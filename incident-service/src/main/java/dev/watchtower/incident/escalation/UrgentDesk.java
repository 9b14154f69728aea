package dev.watchtower.incident.escalation;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Escalation.Policy;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.escalation.EscalationState.State;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Escalates at once when the system tried to help itself and could not: people may have relied on
 * it. With a policy its next step comes now; without one the incident's channels are told. In the
 * caller's transaction; thread-safe.
 */
public final class UrgentDesk {
  private final Escalations escalations;
  private final IncidentBook book;
  private final Supplier<Catalog> catalog;
  private final BiFunction<Incident, Instant, Optional<String>> muting;
  private final Escalator.Messenger messenger;
  private final Runnable kick;

  /**
   * A desk.
   *
   * @param muting what keeps people from being told of an incident, in words
   * @param kick has due steps done once the transaction is committed
   */
  public UrgentDesk(
      Escalations escalations,
      IncidentBook book,
      Supplier<Catalog> catalog,
      BiFunction<Incident, Instant, Optional<String>> muting,
      Escalator.Messenger messenger,
      Runnable kick) {
    this.escalations = escalations;
    this.book = book;
    this.catalog = catalog;
    this.muting = muting;
    this.messenger = messenger;
    this.kick = kick;
  }

  /**
   * Escalates an incident that is not over.
   *
   * @param about one phrase for people
   */
  public void raise(UUID id, String about, Instant now) {
    var incident = book.incidents().lock(id).orElseThrow();
    if (incident.isResolved() || incident.state() == IncidentState.MITIGATED) {
      return;
    }
    var known = escalations.find(id);
    var policy =
        known
            .flatMap(k -> catalog.get().escalation().policy(k.policy()))
            .or(() -> policyFor(incident));
    if (policy.isPresent()) {
      byPolicy(incident, known, policy.get(), about, now);
    } else {
      withoutPolicy(incident, about, now);
    }
  }

  private Optional<Policy> policyFor(Incident incident) {
    var subject = incident.subject();
    return catalog
        .get()
        .escalation()
        .policyFor(subject.service(), subject.env(), incident.severity());
  }

  // Who waits goes on with the next step; what was taken up, stopped or at its end begins anew.
  private void byPolicy(
      Incident incident,
      Optional<EscalationState> known,
      Policy policy,
      String about,
      Instant now) {
    var next =
        known
            .filter(k -> k.state() == State.WAITING)
            .map(k -> k.in(State.WAITING, now))
            .orElseGet(() -> EscalationState.started(incident.id(), policy.name(), now));
    escalations.keep(next);
    book.note(incident.id(), new EscalationEntries(next, now).atOnce(about));
    kick.run();
  }

  private void withoutPolicy(Incident incident, String about, Instant now) {
    var muted = muting.apply(incident, now);
    if (muted.isPresent()) {
      note(incident, "Not escalated: muted by " + muted.get(), "MUTED", about, now);
      return;
    }
    var reached = new ArrayList<String>();
    var faults = new ArrayList<String>();
    for (var channel : messenger.channelsOf(incident, now)) {
      messenger
          .send(incident.id(), channel, about, now)
          .ifPresentOrElse(
              unreached -> faults.add("%s: %s".formatted(channel.name(), unreached.why())),
              () -> reached.add(channel.name()));
    }
    if (reached.isEmpty()) {
      var why = faults.isEmpty() ? "no channel is set for it" : String.join("; ", faults);
      note(
          incident, "Nobody could be told that %s: %s".formatted(about, why), "NOBODY", about, now);
    } else {
      note(
          incident,
          "Escalated on %s: %s".formatted(String.join(", ", reached), about),
          "TOLD",
          about,
          now);
    }
  }

  private void note(Incident incident, String summary, String result, String about, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("result", result);
    data.put("reason", about);
    book.note(
        incident.id(),
        new Draft(now, TimelineKind.ESCALATION, Actor.policy("escalation"), summary, data));
  }
}
