package dev.watchtower.launcher.supervisor;

import dev.watchtower.launcher.lifecycle.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A supervised process at one moment.
 *
 * @param since when the phase began
 * @param lastExit the exit code with which it last ended; null when it has not ended yet
 */
public record ProcessSnapshot(
    String name,
    @Nullable Long pid,
    int port,
    Phase phase,
    boolean wanted,
    int restarts,
    Instant since,
    @Nullable Integer lastExit) {

  /** The phase in the words of the interface, which knows no STOPPING. */
  public String state() {
    if (phase == Phase.STOPPING) {
      return wanted ? Phase.STARTING.name() : Phase.STOPPED.name();
    }
    return phase.name();
  }
}
