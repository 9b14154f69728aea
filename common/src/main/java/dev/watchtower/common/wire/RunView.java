package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run of a chaos experiment.
 *
 * @param kind the attack: latency, errors, cpu, memory, db-latency, db-errors, db-down, crash, …
 * @param target the service under attack
 * @param endsAt the deadline at which every fault of the run is over, whatever happens
 * @param endReason why it ended, absent while it runs
 * @param log what happened, oldest first, at most 200 lines
 */
public record RunView(
    UUID id,
    String experiment,
    String kind,
    String target,
    String env,
    Map<String, Object> parameters,
    State state,
    boolean blind,
    String startedBy,
    Instant startedAt,
    Instant endsAt,
    @Nullable Instant endedAt,
    @Nullable String endReason,
    List<LogLine> log) {

  /** Where a run stands. */
  public enum State {
    STARTING,
    RUNNING,
    STOPPING,
    /** Over, and the target confirmed that the fault is gone (or its lease has run out). */
    ENDED,
    /** The fault could not be put in place. */
    FAILED
  }

  /** One thing that happened in a run. */
  public record LogLine(Instant at, String text) {}
}
