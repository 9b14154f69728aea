package dev.watchtower.chaos.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The kept runs. */
public interface Runs {
  /**
   * Keeps a new run and the event that tells of its start, in one transaction.
   *
   * @return false, and nothing is kept, if another run on the same target is active
   */
  boolean add(Run run);

  /**
   * Keeps the new state of a run; with the event that tells of its end when it is over. One that is
   * kept as over stays as it is: another chaos-service has ended it.
   */
  void update(Run run);

  /** The run, if there is one. */
  Optional<Run> find(UUID id);

  /** The newest runs first, at most {@code limit}. */
  List<Run> newest(int limit);

  /**
   * Removes runs that are over and began before {@code before}, the oldest first and at most {@code
   * most}; how many.
   */
  int remove(Instant before, int most);

  /** All runs that may still have a fault in place. */
  List<Run> active();
}
