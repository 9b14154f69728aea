package dev.watchtower.incident.escalation;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Escalation.Policy;
import dev.watchtower.common.catalog.Escalation.Step;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.escalation.EscalationState.State;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Does the steps whose time has come, each in one transaction with its timeline entry, its messages
 * and its next timer. All its state are rows, so it goes on where it stood after a restart.
 */
public final class Escalator {
  private static final int BATCH = 100;
  private static final Duration RECHECK = Duration.ofMinutes(1);

  /** The way to people. Each call is in the caller's transaction. */
  public interface Messenger {
    /** The channels that an incident goes to at {@code now}, and those that it went to already. */
    List<Channel> channelsOf(Incident incident, Instant now);

    /**
     * Sends a message about an escalation to a channel.
     *
     * @return empty if the message is on its way
     */
    Optional<Unreached> send(UUID incident, Channel channel, String about, Instant now);

    /**
     * Nobody is reached by a message now.
     *
     * @param waits whether it is sent as soon as the channel takes messages again
     */
    record Unreached(String why, boolean waits) {}
  }

  private final Escalations escalations;
  private final IncidentBook book;
  private final Transactions transactions;
  private final Supplier<Catalog> catalog;
  private final BiFunction<Incident, Instant, Optional<String>> muting;
  private final Messenger messenger;

  /**
   * An escalator.
   *
   * @param muting what keeps people from being told of an incident, in words
   */
  public Escalator(
      Escalations escalations,
      IncidentBook book,
      Transactions transactions,
      Supplier<Catalog> catalog,
      BiFunction<Incident, Instant, Optional<String>> muting,
      Messenger messenger) {
    this.escalations = escalations;
    this.book = book;
    this.transactions = transactions;
    this.catalog = catalog;
    this.muting = muting;
    this.messenger = messenger;
  }

  /** Does what is due at {@code now}. */
  public void runDue(Instant now) {
    transactions.each(transactions.once(() -> escalations.due(now, BATCH)), id -> run(id, now));
  }

  private void run(UUID id, Instant now) {
    var incident = book.incidents().lock(id).orElseThrow();
    var found = escalations.find(id).filter(e -> e.dueAt() != null && !e.dueAt().isAfter(now));
    if (found.isEmpty()) {
      return;
    }
    var escalation = found.get();
    var entries = new EscalationEntries(escalation, now);
    if (incident.isResolved() || incident.state() == IncidentState.MITIGATED) {
      escalations.keep(escalation.in(State.STOPPED, null));
      return;
    }
    var policy = catalog.get().escalation().policy(escalation.policy());
    if (policy.isEmpty()) {
      escalations.keep(escalation.in(State.STOPPED, null));
      book.note(id, entries.stopped("its policy is not in the catalog any more"));
      return;
    }
    if (escalation.state() == State.ACKNOWLEDGED) {
      var fresh = EscalationState.started(id, policy.get().name(), now);
      escalations.keep(fresh);
      var quiet = policy.get().acknowledgeTimeout().toMinutes();
      book.note(id, entries.again("nobody did anything for %d min".formatted(quiet)));
      step(incident, fresh, policy.get(), now);
    } else {
      step(incident, escalation, policy.get(), now);
    }
  }

  private void step(Incident incident, EscalationState escalation, Policy policy, Instant now) {
    var entries = new EscalationEntries(escalation, now);
    var muted = muting.apply(incident, now);
    if (muted.isPresent()) {
      escalations.keep(escalation.mutedUntil(now.plus(RECHECK)));
      if (!escalation.muted()) {
        book.note(incident.id(), entries.muted(muted.get()));
      }
      return;
    }
    if (escalation.step() >= policy.steps().size()) {
      // The catalog has fewer steps than when this began.
      next(incident, escalation, policy, Came.NONE_TO_DO, now);
      return;
    }
    var told = tell(incident, escalation, policy, now);
    book.note(incident.id(), told.draft());
    next(incident, escalation, policy, told.came(), now);
  }

  /**
   * What came of a step.
   *
   * @param waiting the channels in which it waits for being sent, if it reached nobody
   * @param tried all of its channels, also those that can tell nobody
   */
  private record Came(boolean reached, Set<String> waiting, Set<String> tried) {
    static final Came NONE_TO_DO = new Came(true, Set.of(), Set.of());

    /** Whether a step to these only waits where this one does: at once it is heard no sooner. */
    boolean isSameLine(List<Channel> next) {
      var names = next.stream().map(Channel::name).toList();
      return names.stream().anyMatch(waiting::contains) && tried.containsAll(names);
    }
  }

  private record Told(Came came, Draft draft) {}

  private Told tell(Incident incident, EscalationState escalation, Policy policy, Instant now) {
    var entries = new EscalationEntries(escalation, now);
    var step = policy.steps().get(escalation.step());
    var people = peopleOf(step, now);
    if (people.isEmpty()) {
      return new Told(
          new Came(false, Set.of(), Set.of()),
          entries.nobody("nobody is on call in rotation '" + step.rotation() + "'"));
    }
    var reached = new ArrayList<String>();
    var faults = new ArrayList<String>();
    var waiting = new HashSet<String>();
    var tried = new HashSet<String>();
    for (var channel : channelsOf(step, incident, now)) {
      tried.add(channel.name());
      var fault =
          messenger.send(incident.id(), channel, "escalated to " + String.join(", ", people), now);
      fault.ifPresentOrElse(
          unreached -> {
            faults.add("%s: %s".formatted(channel.name(), unreached.why()));
            if (unreached.waits()) {
              waiting.add(channel.name());
            }
          },
          () -> reached.add(channel.name()));
    }
    if (reached.isEmpty()) {
      var why = faults.isEmpty() ? "no channel is set for it" : String.join("; ", faults);
      return new Told(new Came(false, waiting, tried), entries.nobody(why));
    }
    return new Told(
        new Came(true, Set.of(), tried), entries.told(people, reached, policy.steps().size()));
  }

  private List<String> peopleOf(Step step, Instant now) {
    var people = new LinkedHashSet<>(step.people());
    var rotation = step.rotation();
    if (rotation != null) {
      catalog
          .get()
          .escalation()
          .rotation(rotation)
          .flatMap(r -> OnCall.at(r, now))
          .ifPresent(people::add);
    }
    return List.copyOf(people);
  }

  private List<Channel> channelsOf(Step step, Incident incident, Instant now) {
    if (step.channel() != null) {
      return catalog.get().notifications().channel(step.channel()).map(List::of).orElse(List.of());
    }
    return messenger.channelsOf(incident, now);
  }

  // A step that reached nobody is no reason to wait: the next one comes at once. But not into the
  // same line: half a minute of outage would use up all of them.
  private void next(
      Incident incident, EscalationState escalation, Policy policy, Came came, Instant now) {
    int step = escalation.step() + 1;
    int round = escalation.round();
    if (step >= policy.steps().size()) {
      step = 0;
      round++;
    }
    if (round > policy.repeat()) {
      escalations.keep(escalation.at(0, round, now).in(State.EXHAUSTED, null));
      book.note(incident.id(), new EscalationEntries(escalation, now).exhausted());
      return;
    }
    var wait = policy.steps().get(step).after();
    boolean sameLine = came.isSameLine(channelsOf(policy.steps().get(step), incident, now));
    var due = came.reached() || step == 0 || sameLine ? now.plus(wait) : now;
    escalations.keep(escalation.at(step, round, due));
  }
}
