package dev.watchtower.chaos.run;

import dev.watchtower.common.wire.RunView;
import dev.watchtower.common.wire.RunView.LogLine;
import dev.watchtower.common.wire.RunView.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run of an experiment at one moment; every change makes a new one.
 *
 * @param target base address of the chaos agent, null for attacks that go through the supervisor
 * @param confirmed when the target last confirmed that it holds the fault, null before
 * @param releaseSince when the end was asked for, null before
 */
public record Run(
    UUID id,
    String experiment,
    String kind,
    String service,
    String env,
    @Nullable String target,
    Map<String, Object> parameters,
    State state,
    boolean blind,
    String startedBy,
    Instant startedAt,
    Instant endsAt,
    @Nullable Instant confirmed,
    @Nullable Instant releaseSince,
    @Nullable Instant endedAt,
    @Nullable String endReason,
    List<LogLine> log) {
  private static final int MAX_LOG = 200;

  public Run {
    parameters = Map.copyOf(parameters);
    log = List.copyOf(log);
  }

  /** Whether a fault may be in place. */
  public boolean isActive() {
    return switch (state) {
      case STARTING, RUNNING, STOPPING -> true;
      case ENDED, FAILED -> false;
    };
  }

  /** The same run after the target confirmed the fault at {@code now}. */
  public Run confirmed(Instant now) {
    var next = with(State.RUNNING, now, releaseSince, endedAt, endReason);
    return state == State.STARTING ? next.logged(now, "the target holds the fault") : next;
  }

  /** The same run, asked to end at {@code now}. */
  public Run ending(Instant now, String reason) {
    return with(State.STOPPING, confirmed, now, endedAt, reason).logged(now, "ending: " + reason);
  }

  /** The same run, over. */
  public Run ended(Instant now, String how) {
    return with(State.ENDED, confirmed, releaseSince, now, endReason).logged(now, how);
  }

  /** The same run, whose fault could not be put in place. */
  public Run failed(Instant now, String reason) {
    return with(State.FAILED, confirmed, releaseSince, now, reason)
        .logged(now, "failed: " + reason);
  }

  /**
   * The same run with a line more in its log; when the log is full, lines in its middle give way.
   */
  public Run logged(Instant now, String text) {
    var lines = new ArrayList<>(log);
    if (lines.size() >= MAX_LOG) {
      lines.remove(MAX_LOG / 2);
    }
    lines.add(new LogLine(now, text));
    return new Run(
        id,
        experiment,
        kind,
        service,
        env,
        target,
        parameters,
        state,
        blind,
        startedBy,
        startedAt,
        endsAt,
        confirmed,
        releaseSince,
        endedAt,
        endReason,
        lines);
  }

  private Run with(
      State state,
      @Nullable Instant confirmed,
      @Nullable Instant releaseSince,
      @Nullable Instant endedAt,
      @Nullable String endReason) {
    return new Run(
        id,
        experiment,
        kind,
        service,
        env,
        target,
        parameters,
        state,
        blind,
        startedBy,
        startedAt,
        endsAt,
        confirmed,
        releaseSince,
        endedAt,
        endReason,
        log);
  }

  /** What readers see. */
  public RunView view() {
    return new RunView(
        id,
        experiment,
        kind,
        service,
        env,
        parameters,
        state,
        blind,
        startedBy,
        startedAt,
        endsAt,
        endedAt,
        endReason,
        log);
  }
}
