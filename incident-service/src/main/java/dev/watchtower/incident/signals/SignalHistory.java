package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.signals.SignalLog.Change;
import dev.watchtower.incident.signals.SignalLog.Line;
import dev.watchtower.incident.signals.SignalPolicy.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was taken before, and what of a batch has been: the log is asked once for all of them, and
 * written once. For one thread and one transaction.
 */
final class SignalHistory {
  private final SignalLog log;
  private final Map<UUID, Optional<UUID>> known;
  private final Map<String, Seen> latest;
  private final Set<String> seenBefore;
  private final List<Line> lines = new ArrayList<>();
  private final Instant earliest;
  private @Nullable Map<String, List<Change>> changes;

  /** What the log knows of the signals. */
  SignalHistory(SignalLog log, Collection<Signal> signals) {
    this.log = log;
    this.known = new HashMap<>(log.known(signals.stream().map(Signal::id).toList()));
    this.latest =
        new HashMap<>(log.latest(signals.stream().map(Signal::fingerprint).distinct().toList()));
    this.seenBefore = Set.copyOf(latest.keySet());
    this.earliest =
        signals.stream().map(Signal::at).min(Comparator.naturalOrder()).orElse(Instant.MAX);
  }

  /** Whether the signal was not taken before. */
  boolean isNew(UUID id) {
    return !known.containsKey(id);
  }

  /** The incident that a signal touched which was taken before. */
  Optional<UUID> incidentOf(UUID id) {
    return known.getOrDefault(id, Optional.empty());
  }

  /** The latest signal of a fingerprint, by event time. */
  Optional<Seen> latest(String fingerprint) {
    return Optional.ofNullable(latest.get(fingerprint));
  }

  /**
   * How often the signal of a fingerprint has changed in an incident, later than {@code within}
   * before {@code at}. What is of a clock that was put back since does not count: nobody knows how
   * long ago it was.
   *
   * @param enough from which number on it makes no difference
   */
  int changes(String fingerprint, UUID incident, Instant at, Duration within, int enough) {
    if (changes == null) {
      changes = new HashMap<>();
      if (!seenBefore.isEmpty()) {
        // Of several incidents, since people may have merged them in between.
        log.changes(seenBefore, earliest.minus(within), 2 * enough)
            .forEach((one, some) -> changes.put(one, new ArrayList<>(some)));
      }
      lines.forEach(this::count);
    }
    var since = at.minus(within);
    return (int)
        changes.getOrDefault(fingerprint, List.of()).stream()
            .filter(change -> change.incident().equals(incident))
            .filter(change -> change.at().isAfter(since) && !SignalPolicy.isAhead(change.at(), at))
            .count();
  }

  /** Keeps what a signal did. */
  void add(
      Signal signal, String sender, Instant receivedAt, Effect effect, @Nullable UUID incident) {
    var line = new Line(signal, sender, receivedAt, effect, incident);
    lines.add(line);
    known.put(signal.id(), Optional.ofNullable(incident));
    count(line);
    latest.merge(
        signal.fingerprint(),
        new Seen(signal.status(), signal.at(), receivedAt),
        SignalHistory::later);
  }

  private void count(Line line) {
    if (changes != null && line.incident() != null && !(line.effect() instanceof Effect.Ignored)) {
      changes
          .computeIfAbsent(line.signal().fingerprint(), k -> new ArrayList<>())
          .add(new Change(line.incident(), earlier(line.signal().at(), line.receivedAt())));
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  // At one instant the end counts as the later one, as the policy has it.
  private static Seen later(Seen known, Seen fresh) {
    int order = known.at().compareTo(fresh.at());
    return order > 0 || (order == 0 && known.status() == SignalStatus.CLEARED) ? known : fresh;
  }

  /** Writes all of it down. */
  void write() {
    if (!lines.isEmpty()) {
      log.add(lines);
    }
  }
}
