package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.signals.SignalPolicy.Seen;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every signal that was taken, with what it did. In the caller's transaction; thread-safe. */
public interface SignalLog {
  /**
   * A signal with what it did, and to which incident.
   *
   * @param sender subject of the token that it came with
   */
  record Line(
      Signal signal, String sender, Instant receivedAt, Effect effect, @Nullable UUID incident) {}

  /**
   * That a signal fired or cleared in an incident.
   *
   * @param at by event time; when it was received if its place in the order is later than that
   */
  record Change(UUID incident, Instant at) {}

  /** Which of those signals were taken before, each with the incident that it touched, if any. */
  Map<UUID, Optional<UUID>> known(Collection<UUID> ids);

  /** The latest signal of each fingerprint, by event time. */
  Map<String, Seen> latest(Collection<String> fingerprints);

  /**
   * What the signals of the fingerprints have changed later than {@code since}, by their order;
   * some of it may count as earlier.
   *
   * @param most at most so many of each, the newest
   */
  Map<String, List<Change>> changes(Collection<String> fingerprints, Instant since, int most);

  /** Records signals, each of another id. */
  void add(List<Line> lines);

  /** Forgets signals received before {@code before}, at most {@code limit}; how many. */
  int forget(Instant before, int limit);
}
