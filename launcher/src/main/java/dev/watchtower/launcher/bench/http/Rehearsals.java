package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.suite.Rehearsal;
import java.time.Clock;

/** The load of the benches, in small, for the service whose speed it decides. */
public final class Rehearsals implements Rehearsal.Source {
  private final Clock clock;

  /** Rehearsals with the times of {@code clock}. */
  public Rehearsals(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Rehearsal of(String module) {
    return module.equals("ingest-service") ? new WriteRehearsal(clock) : Rehearsal.NONE;
  }
}
