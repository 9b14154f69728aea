package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Signal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every signal that was taken, with what it did. In the caller's transaction; thread-safe. */
public interface SignalLog {
  /** Whether that signal was taken before. */
  boolean contains(UUID id);

  /** The latest signal of a fingerprint, by event time. */
  Optional<SignalPolicy.Seen> latest(String fingerprint);

  /**
   * How often the signal of a fingerprint has changed in an incident later than {@code since}, by
   * event time.
   */
  int changes(String fingerprint, UUID incident, Instant since);

  /** Records a signal with what it did, and to which incident. */
  void add(Signal signal, Instant receivedAt, Effect effect, @Nullable UUID incident);

  /** Forgets signals received before {@code before}, at most {@code limit}; how many. */
  int forget(Instant before, int limit);
}
