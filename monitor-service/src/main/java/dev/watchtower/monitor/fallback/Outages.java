package dev.watchtower.monitor.fallback;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The outages, kept so that a restart of this service loses and repeats none. */
public interface Outages {
  /** Stores one as far as it has come; one that is stored already has come that far then. */
  void open(Outage outage);

  /** Marks it as over. */
  void clear(UUID id, Instant at);

  /**
   * Records what became of the FIRING signal.
   *
   * @param accepted false: incident-service refuses it for good
   */
  void firingDone(UUID id, boolean accepted);

  /** Records that the CLEARED signal needs no more attempts. */
  void clearedDone(UUID id);

  /** Decides for Discord and queues the card for the channels, both or neither. */
  void tellDiscord(UUID id, List<String> channels, Instant now);

  /** The outage as it stands. */
  Optional<Outage> find(UUID id);

  /** Those that are not over, or of which somebody is still to be told. */
  List<Outage> unfinished();

  /** Forgets what was finished before {@code before}. */
  void forget(Instant before);
}
