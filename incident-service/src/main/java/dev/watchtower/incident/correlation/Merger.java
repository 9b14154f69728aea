package dev.watchtower.incident.correlation;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives the signals of one incident to another and ends it, whoever wants that; both timelines say
 * so. In the caller's transaction, which has both locked; thread-safe.
 */
public final class Merger {
  /** What belongs to a signal and goes with it. In the caller's transaction; thread-safe. */
  @FunctionalInterface
  public interface Followers {
    /** The signals of those fingerprints are part of {@code to} now, and not of {@code from}. */
    void follow(Collection<String> fingerprints, UUID from, UUID to);
  }

  /** Who was told of the one incident. In the caller's transaction; thread-safe. */
  @FunctionalInterface
  public interface Audience {
    /** {@code target} has the signals of {@code source} from now on; its own news are to come. */
    void follow(Incident source, Incident target, Instant now);
  }

  /** Who was to be told of the one incident. In the caller's transaction; thread-safe. */
  @FunctionalInterface
  public interface Urgency {
    /**
     * {@code target} takes {@code source} in, of which nobody has taken care yet: called before the
     * one is stored or ended.
     *
     * @return for the target's timeline
     */
    Optional<Draft> handOver(Incident source, Incident target, Instant now);
  }

  /**
   * Half of a merge: the source is ended and stored, the target is to be stored by the caller.
   *
   * @param ended the source as it is now
   * @param target with the source's signals
   * @param entries for the target's timeline
   */
  public record Merged(Incident ended, Incident target, List<Draft> entries) {
    public Merged {
      entries = List.copyOf(entries);
    }
  }

  /** In the data of the entry for the end: the incident that has the signals now. */
  public static final String MERGED_INTO = "mergedInto";

  private final IncidentBook book;
  private final Lifecycle lifecycle;
  private final Groupings groupings;
  private final Followers followers;
  private final Audience audience;
  private final Urgency urgency;

  /** A merger. */
  public Merger(
      IncidentBook book,
      Lifecycle lifecycle,
      Groupings groupings,
      Followers followers,
      Audience audience,
      Urgency urgency) {
    this.book = book;
    this.lifecycle = lifecycle;
    this.groupings = groupings;
    this.followers = followers;
    this.audience = audience;
    this.urgency = urgency;
  }

  /**
   * Whether people said that the two are not one: what they split off no policy takes in, nor does
   * that take in what it was split from.
   */
  public boolean isKeptApart(Incident source, Incident target) {
    return groupings.splitFrom(source.id()).isPresent()
        || groupings.splitFrom(target.id()).filter(source.id()::equals).isPresent();
  }

  /**
   * Merges {@code source}, which is stored as it is given, into {@code target}.
   *
   * @param why for people, or empty
   * @return empty if the source cannot end as it is; nothing has changed then
   */
  public Optional<Merged> merge(
      Incident source, Incident target, String why, Actor actor, Instant now) {
    var event =
        source.state() == IncidentState.MITIGATED ? IncidentEvent.RESOLVE : IncidentEvent.DISMISS;
    var comment = "merged into #%d%s".formatted(target.number(), tail(why));
    var command = new Command(event, actor, comment, null, now);
    if (!(lifecycle.decide(source, command) instanceof Decision.Moved moved)) {
      return Optional.empty();
    }
    // First, so that whoever tells of the end knows that it goes on elsewhere.
    groupings.add(source.id(), Groupings.Kind.MERGED_INTO, target.id(), now);
    var entries = new ArrayList<Draft>();
    entries.add(entry(source, why, actor, now));
    urgency.handOver(source, target, now).ifPresent(entries::add);
    var ended = book.save(source, moved.after(), List.of(end(moved, command, target)), Cause.NONE);
    followers.follow(
        source.signals().stream().map(IncidentSignal::fingerprint).toList(),
        source.id(),
        target.id());
    audience.follow(ended, target, now);
    var after = target.declaredAs(source);
    for (var signal : source.signals()) {
      after = takesOver(signal, after) ? after.with(signal.flapping(false)) : after;
    }
    return Optional.of(new Merged(ended, after, entries));
  }

  private static Draft end(Decision.Moved moved, Command command, Incident target) {
    var entry = IncidentBook.stateChanged(moved, command);
    var data = new LinkedHashMap<>(entry.data());
    data.put(MERGED_INTO, target.id().toString());
    return new Draft(entry.ts(), entry.kind(), entry.actor(), entry.summary(), data);
  }

  private static boolean takesOver(IncidentSignal signal, Incident target) {
    var known = target.signal(signal.fingerprint());
    return known.isEmpty() || known.get().status() == SignalStatus.CLEARED;
  }

  private static Draft entry(Incident source, String why, Actor actor, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("mergedFrom", source.id().toString());
    data.put("number", source.number());
    return new Draft(
        now,
        TimelineKind.ANNOTATION,
        actor,
        "Incident #%d of %s was merged into this one%s"
            .formatted(source.number(), source.subject().service(), tail(why)),
        data);
  }

  static String tail(String why) {
    return why.isEmpty() ? "" : ": " + why;
  }
}
