package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.golden.ServiceKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The state of every rule that is not quiet, by what it is decided on. For one thread. */
final class Breaches {
  /** What a rule saw of its subject. */
  record Seen(
      Observation observation, String summary, @Nullable SignalEvidence evidence, long at) {}

  /**
   * @param at event time of the last decision
   * @param recalled whether it is known from before a restart, or another gap of ours, and was not
   *     seen again
   * @param evidence of the last decision that had a value, or of the last one; null if there was
   *     none
   */
  private record Tracked(
      RuleState state,
      long at,
      SignalKind kind,
      Severity severity,
      boolean recalled,
      @Nullable SignalEvidence evidence) {
    Tracked fromBefore() {
      return new Tracked(state, at, kind, severity, true, evidence);
    }

    Tracked until(long now) {
      return new Tracked(state.until(now), Math.min(at, now), kind, severity, recalled, evidence);
    }
  }

  /**
   * Ends of breaches that are kept. One that is driven out could be told twice, if time alone had
   * ended it and samples come late that show it.
   */
  static final int MOST_ENDS = 10_000;

  private final Duration longestGap;
  private final Map<Subject, Tracked> open = new HashMap<>();

  /** The time last told; none after a restore, whose times may be later than that. */
  private long clock = Long.MAX_VALUE;

  private long heardSince;

  /** The answer of {@link #troubled}; null when that may be another now. */
  private @Nullable Map<ServiceKey, Long> troubled;

  /**
   * The last decision on what a threshold was crossed by and is not any more: samples that come
   * late may have it looked at for an instant before that.
   */
  private final Map<Subject, Long> ended =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Long> eldest) {
          return size() > MOST_ENDS;
        }
      };

  /** What fires and was told under another fingerprint than it would be now. */
  private final Map<Subject, String> toldAs = new HashMap<>();

  /**
   * None so far.
   *
   * @param longestGap a breach seen again only after more than that counts as a new one
   */
  Breaches(Duration longestGap) {
    this.longestGap = longestGap;
  }

  /**
   * What time it is. Where it is earlier than before, or than what a life before knew, the clock
   * was put back: what was decided by it must not make all seem late until it is there again.
   *
   * @param now milliseconds since the epoch
   * @param heardSince when the last gap of ours ended: what is known from before is taken as after
   *     a restart, for that it is missing in what was heard since says no more than then
   */
  void clock(long now, long heardSince) {
    if (heardSince != this.heardSince) {
      open.replaceAll((_, tracked) -> tracked.fromBefore());
      this.heardSince = heardSince;
    }
    if (now < clock) {
      open.replaceAll((_, tracked) -> tracked.until(now));
      ended.replaceAll((_, at) -> Math.min(at, now));
      troubled = null;
    }
    clock = now;
  }

  Set<Subject> subjects() {
    return Set.copyOf(open.keySet());
  }

  boolean isOpen(Subject subject) {
    return open.containsKey(subject);
  }

  boolean isFiring(Subject subject) {
    Tracked tracked = open.get(subject);
    return tracked != null && tracked.state() instanceof RuleState.Firing;
  }

  /**
   * Since when what it fires for lasts, event time; if it does not fire, a time that does not come.
   */
  long firingSince(Subject subject) {
    Tracked tracked = open.get(subject);
    return tracked != null && tracked.state() instanceof RuleState.Firing(long since, _)
        ? since
        : Long.MAX_VALUE / 2;
  }

  /** Whether it fires, or is about to since before a gap of ours and has not been seen again. */
  boolean outlivesSilence(Subject subject) {
    Tracked tracked = open.get(subject);
    return tracked != null && (tracked.state() instanceof RuleState.Firing || tracked.recalled());
  }

  /** The services on which a threshold or a burn rate fires, and since when the latest does. */
  Map<ServiceKey, Long> troubled() {
    Map<ServiceKey, Long> known = troubled;
    if (known == null) {
      known = new HashMap<>();
      for (Map.Entry<Subject, Tracked> entry : open.entrySet()) {
        SignalKind kind = entry.getValue().kind();
        if (entry.getValue().state() instanceof RuleState.Firing(long since, _)
            && (kind == SignalKind.THRESHOLD || kind == SignalKind.BURN_RATE)) {
          known.merge(entry.getKey().key(), since, Math::max);
        }
      }
      troubled = known;
    }
    return known;
  }

  /** What is open was decided by last, where that had evidence. */
  Optional<SignalEvidence> evidence(Subject subject) {
    return Optional.ofNullable(open.get(subject)).map(Tracked::evidence);
  }

  private static @Nullable Double value(@Nullable SignalEvidence evidence) {
    return evidence == null ? null : evidence.value();
  }

  /** All of them. */
  List<OpenBreach> open() {
    List<OpenBreach> all = new ArrayList<>(open.size());
    open.forEach((subject, tracked) -> {
      boolean firing = tracked.state() instanceof RuleState.Firing;
      long since =
          switch (tracked.state()) {
            case RuleState.Firing(long began, _) -> began;
            case RuleState.Pending(long began, _) -> began;
            case RuleState.Quiet _ -> tracked.at();
          };
      all.add(
          new OpenBreach(
              subject.rule(),
              subject.key(),
              subject.labels(),
              tracked.severity(),
              firing,
              since,
              value(tracked.evidence())));
    });
    return all;
  }

  long firing() {
    return open.values().stream().filter(t -> t.state() instanceof RuleState.Firing).count();
  }

  /** Goes on with a signal that was firing. */
  void restore(Subject subject, Signal signal) {
    clock = Long.MAX_VALUE;
    troubled = null;
    if (!signal.fingerprint().equals(subject.fingerprint())) {
      toldAs.put(subject, signal.fingerprint());
    }
    open.put(
        subject,
        new Tracked(
            new RuleState.Firing(signal.at().toEpochMilli(), null),
            Long.MIN_VALUE,
            signal.kind(),
            signal.severity(),
            true,
            signal.evidence()));
  }

  /** Goes on with what was pending, or clearing; after {@link #restore}. */
  void recall(Remembered one) {
    clock = Long.MAX_VALUE;
    Subject subject = new Subject(one.rule(), one.key(), one.labels());
    Tracked known = open.get(subject);
    switch (one.what()) {
      case PENDING -> {
        // What was told meanwhile is no longer pending.
        if (known == null) {
          RuleState pending = new RuleState.Pending(one.since(), one.last());
          open.put(
              subject, new Tracked(pending, one.last(), one.kind(), one.severity(), true, null));
        }
      }
      case CLEARING -> {
        if (known != null && known.state() instanceof RuleState.Firing firing) {
          RuleState clearing = new RuleState.Firing(firing.since(), one.since());
          open.put(
              subject,
              new Tracked(
                  clearing, one.last(), known.kind(), known.severity(), true, known.evidence()));
        }
      }
      case RESTING, TROUBLED -> {
        // The anomaly rules know of that themselves.
      }
    }
  }

  /** What a restart must not make begin anew. */
  List<Remembered> remembered() {
    List<Remembered> all = new ArrayList<>();
    open.forEach((subject, tracked) -> {
      switch (tracked.state()) {
        case RuleState.Pending(long since, long last) ->
            all.add(remembered(Remembered.What.PENDING, subject, tracked, since, last));
        case RuleState.Firing firing when firing.fineSince() != null -> {
          long since = firing.fineSince();
          all.add(remembered(Remembered.What.CLEARING, subject, tracked, since, since));
        }
        case RuleState.Firing _, RuleState.Quiet _ -> {
          // What fires is known by its signal.
        }
      }
    });
    return all;
  }

  private static Remembered remembered(
      Remembered.What what, Subject subject, Tracked tracked, long since, long last) {
    return new Remembered(
        what,
        subject.rule(),
        subject.key(),
        subject.labels(),
        tracked.kind(),
        tracked.severity(),
        since,
        last);
  }

  /** Ends those of which {@code which} holds, with what each was decided on last. */
  List<Detected> close(BiPredicate<Subject, SignalKind> which, String why, long at) {
    List<Detected> cleared = new ArrayList<>();
    for (Map.Entry<Subject, Tracked> entry : List.copyOf(open.entrySet())) {
      Subject subject = entry.getKey();
      Tracked tracked = entry.getValue();
      if (which.test(subject, tracked.kind())) {
        open.remove(subject);
        if (tracked.state() instanceof RuleState.Firing) {
          String summary = Words.gone(subject.rule(), subject.key(), why);
          cleared.add(
              detected(
                  subject,
                  tracked.kind(),
                  tracked.severity(),
                  SignalStatus.CLEARED,
                  at,
                  new Seen(Observation.FINE, summary, tracked.evidence(), at)));
        }
      }
    }
    return cleared;
  }

  /**
   * Decides on what was seen; a signal that follows is added to {@code signals}. What fires and has
   * become graver, since its rule was changed, is told once more, as of now.
   */
  void decide(
      Catalog.Rule rule, Severity severity, Subject subject, Seen seen, List<Detected> signals) {
    Tracked tracked = open.get(subject);
    long last = tracked == null ? ended.getOrDefault(subject, Long.MIN_VALUE) : tracked.at();
    if (seen.at() < last) {
      // Late: decided already at a later instant.
      return;
    }
    RuleState state = tracked == null ? RuleState.QUIET : tracked.state();
    RuleState.Decision decision =
        RuleState.decide(
            new RuleTiming(rule.holdFor(), rule.keepFiringFor(), longestGap),
            state,
            seen.observation(),
            seen.at());
    Tracked fired = state instanceof RuleState.Firing ? tracked : null;
    boolean rises =
        fired != null
            && severity.compareTo(fired.severity()) < 0
            && seen.observation() == Observation.BREACH;
    // Of what fires, that which was told last: its incident does not get less grave either.
    Severity told = fired == null || rises ? severity : fired.severity();
    ended.remove(subject);
    if (decision.next() instanceof RuleState.Quiet) {
      open.remove(subject);
      if (rule.kind() == SignalKind.THRESHOLD) {
        ended.put(subject, seen.at());
      }
    } else {
      boolean recalled =
          tracked != null && tracked.recalled() && seen.observation() == Observation.UNKNOWN;
      SignalEvidence evidence = seen.evidence();
      if (value(evidence) == null && tracked != null && tracked.evidence() != null) {
        evidence = tracked.evidence();
      }
      open.put(
          subject, new Tracked(decision.next(), seen.at(), rule.kind(), told, recalled, evidence));
    }
    if (rises) {
      signals.add(detected(subject, rule.kind(), told, SignalStatus.FIRING, seen.at(), seen));
    } else if (decision.change() != RuleState.Change.NONE) {
      SignalStatus status =
          decision.change() == RuleState.Change.FIRED ? SignalStatus.FIRING : SignalStatus.CLEARED;
      signals.add(
          detected(
              subject, rule.kind(), told, status, decision.since(), told(rule, seen, tracked)));
    }
  }

  /** A deployment that is no longer watched was not compared: what was known last counts. */
  private static Seen told(Catalog.Rule rule, Seen seen, @Nullable Tracked tracked) {
    return rule.kind() == SignalKind.CHANGE
            && tracked != null
            && tracked.evidence() != null
            && value(seen.evidence()) == null
        ? new Seen(seen.observation(), seen.summary(), tracked.evidence(), seen.at())
        : seen;
  }

  private Detected detected(
      Subject subject,
      SignalKind kind,
      Severity severity,
      SignalStatus status,
      long at,
      Seen seen) {
    troubled = null;
    String known = status == SignalStatus.CLEARED ? toldAs.remove(subject) : toldAs.get(subject);
    String fingerprint = known == null ? subject.fingerprint() : known;
    UUID id =
        UUID.nameUUIDFromBytes(
            (fingerprint + '|' + status + '|' + at + '|' + severity)
                .getBytes(StandardCharsets.UTF_8));
    return new Detected(
        new Signal(
            id,
            fingerprint,
            kind,
            status,
            subject.rule(),
            subject.key().service(),
            subject.key().env(),
            severity,
            seen.summary(),
            Instant.ofEpochMilli(at),
            seen.evidence(),
            null),
        subject.labels());
  }
}
