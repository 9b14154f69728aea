package dev.watchtower.incident.mute;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.correlation.DependencyGraph;
import dev.watchtower.incident.lifecycle.EntrySource;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides, with each change that people would be told of, whether the incident is muted; if so, the
 * timeline says by what. In the caller's transaction; thread-safe.
 */
public final class MuteDesk implements EntrySource {
  private static final Actor ACTOR = Actor.policy("mute");

  private final Mutes mutes;
  private final Incidents incidents;
  private final Predicate<UUID> told;
  private final BiPredicate<Incident, Incident> reaches;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /**
   * A desk.
   *
   * @param told whether people have been told of an incident: what they know is not taken back
   * @param reaches whether, for those whom the first would be told, a message of the second has
   *     reached people or is on its way to them, whoever sent it
   */
  public MuteDesk(
      Mutes mutes,
      Incidents incidents,
      Predicate<UUID> told,
      BiPredicate<Incident, Incident> reaches,
      Supplier<Catalog> catalog,
      InstantSource clock) {
    this.mutes = mutes;
    this.incidents = incidents;
    this.told = told;
    this.reaches = reaches;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public List<Draft> entriesFor(@Nullable Incident before, Incident after, Cause cause) {
    boolean news = before == null || cause.isFired() || isWorseOrOther(before, after);
    if (!news || told.test(after.id())) {
      return List.of();
    }
    var now = clock.instant();
    var held = before == null ? Optional.<Mutes.Held>empty() : mutes.held(after.id());
    return settle(after, held, now).map(List::of).orElse(List.of());
  }

  // What calls for messages as a signal that fires does.
  private static boolean isWorseOrOther(Incident before, Incident after) {
    return after.severity().compareTo(before.severity()) < 0
        || !after.subject().service().equals(before.subject().service());
  }

  /**
   * Brings what is kept of an incident that nobody was told of up to date, if it is not on record
   * as muted.
   *
   * @return whether it is muted
   */
  public boolean settle(Incident incident, Consumer<Draft> timeline, Instant now) {
    if (mutes.held(incident.id()).isEmpty()) {
      settle(incident, Optional.empty(), now).ifPresent(timeline);
    }
    return mutes.held(incident.id()).isPresent();
  }

  /** Brings what is kept of an incident up to date; the entry that says so if that is news. */
  Optional<Draft> settle(Incident incident, Optional<Mutes.Held> held, Instant now) {
    var muting = mutingOf(incident, now);
    if (muting.isEmpty()) {
      if (held.isEmpty()) {
        return Optional.empty();
      }
      mutes.release(incident.id());
      return Optional.of(unmuted(held.get().muting(), now));
    }
    boolean same = held.isPresent() && held.get().muting().equals(muting.get());
    if (!same) {
      mutes.hold(incident.id(), muting.get(), now);
    }
    boolean told = held.isPresent() && held.get().muting().cause().equals(muting.get().cause());
    return told ? Optional.empty() : Optional.of(muted(muting.get(), now));
  }

  /**
   * Whether people were told of an incident. Its card and messages go on, whatever mutes it later;
   * its escalation does not.
   */
  public boolean isTold(UUID incident) {
    return told.test(incident);
  }

  /** Why nobody is to be told of {@code incident} at {@code now}; empty if people are. */
  public Optional<Muting> mutingOf(Incident incident, Instant now) {
    var byRule = MutePolicy.byRules(MutePolicy.targetsOf(incident), mutes.current(now), now);
    return byRule.isPresent() ? byRule : inhibitionOf(incident);
  }

  /**
   * Which incidents nobody would be told of at {@code now} if {@code more} were in force beside
   * what is.
   */
  public Predicate<Incident> mutedWith(Matchers more, Instant now) {
    var current = mutes.current(now);
    return incident ->
        MutePolicy.targetsOf(incident).stream()
                .allMatch(t ->
                    more.matches(t) || MutePolicy.byRules(List.of(t), current, now).isPresent())
            || inhibitionOf(incident).isPresent();
  }

  private Optional<Muting> inhibitionOf(Incident incident) {
    if (!catalog.get().incidents().inhibit()) {
      return Optional.empty();
    }
    var graph = DependencyGraph.of(catalog.get());
    var subject = incident.subject();
    var others = incidents.unresolvedOf(graph.dependenciesOf(subject.service()), subject.env());
    return MutePolicy.byDependency(incident, others, graph, reaches);
  }

  /**
   * The maintenance that covers a signal at {@code now}.
   *
   * @param service in place of the signal's own
   */
  public Optional<Muting> maintenanceOf(
      IncidentSignal signal, String service, String env, Instant now) {
    var windows =
        mutes.current(now).stream()
            .filter(rule -> rule.kind() == MuteRule.Kind.MAINTENANCE)
            .toList();
    var target = MutePolicy.target(signal, env).of(service);
    return MutePolicy.byRules(List.of(target), windows, now);
  }

  private static Draft muted(Muting muting, Instant now) {
    var data = data(muting);
    data.put("result", "MUTED");
    return new Draft(
        now, TimelineKind.NOTIFICATION, ACTOR, "Nobody is told: muted by " + muting.why(), data);
  }

  private static Draft unmuted(Muting muting, Instant now) {
    var data = data(muting);
    data.put("result", "UNMUTED");
    return new Draft(
        now, TimelineKind.NOTIFICATION, ACTOR, "No longer muted by " + muting.why(), data);
  }

  private static LinkedHashMap<String, Object> data(Muting muting) {
    var data = new LinkedHashMap<String, Object>();
    data.put("mutedBy", muting.kind().name());
    data.put("cause", muting.cause());
    if (muting.until() != null) {
      data.put("until", muting.until().toString());
    }
    return data;
  }
}
