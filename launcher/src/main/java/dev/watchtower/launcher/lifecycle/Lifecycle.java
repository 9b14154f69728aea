package dev.watchtower.launcher.lifecycle;

import dev.watchtower.launcher.lifecycle.Decision.Action;
import dev.watchtower.launcher.lifecycle.Decision.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides what becomes of a supervised process. Pure: the caller passes the supervisor's uptime and
 * carries the actions out. Total: every event is answered in every phase.
 */
public final class Lifecycle {
  /** Healthy for this long, earlier deaths are forgotten. */
  public static final Duration STEADY = Duration.ofSeconds(60);

  /**
   * How long a process usually may take to end after it was asked, before it is killed; and how
   * long from one attempt to kill it to the next.
   */
  public static final Duration GRACE = Duration.ofSeconds(15);

  /** So long after its launch a process may still be starting, on a machine that is busy. */
  public static final Duration START_PATIENCE = Duration.ofMinutes(2);

  /** Failed health checks in a row that make a healthy process unhealthy. */
  public static final int MISSES = 2;

  /** Leases that may hold one process down at the same time. */
  public static final int MAX_LEASES = 8;

  private static final int REMEMBERED_LEASES = 64;

  private Lifecycle() {}

  /**
   * The decision on {@code event} at uptime {@code now}.
   *
   * @param grace how long the process may take to end after it was asked, before it is killed
   */
  public static Decision decide(
      ProcessState state, ProcessEvent event, Duration now, Duration grace) {
    return switch (event) {
      case ProcessEvent.Start() -> start(state, now);
      case ProcessEvent.Stop() -> stop(state, now, grace);
      case ProcessEvent.Restart() -> restart(state, now, grace);
      case ProcessEvent.Repair() ->
          isOnItsWay(state, now) ? Decision.of(state) : restart(state, now, grace);
      case ProcessEvent.Exited() -> exited(state.withAlive(false), now);
      case ProcessEvent.Probed(boolean healthy) -> Decision.of(probed(state, healthy, now));
      case ProcessEvent.Tick() -> tick(state, now);
      case ProcessEvent.HoldDown(String lease, Duration ttl) ->
          holdDown(state, lease, now.plus(ttl), now);
      case ProcessEvent.Release(String lease) -> tick(endLeases(state, List.of(lease)), now);
    };
  }

  private static Decision start(ProcessState state, Duration now) {
    return state.phase() == Phase.STOPPED
        ? Decision.of(state.launched(now), Action.LAUNCH)
        : Decision.of(state.withWanted(true));
  }

  private static Decision stop(ProcessState state, Duration now, Duration grace) {
    var free = endLeases(state, List.copyOf(state.leases().keySet())).withWanted(false);
    if (!state.alive()) {
      return Decision.of(free.to(Phase.STOPPED, now));
    }
    return state.phase() == Phase.STOPPING
        ? Decision.of(free)
        : Decision.of(free.to(Phase.STOPPING, now).withDueAt(now.plus(grace)), Action.TERMINATE);
  }

  private static Decision restart(ProcessState state, Duration now, Duration grace) {
    var free =
        endLeases(state, List.copyOf(state.leases().keySet())).withWanted(true).withFailures(0);
    if (state.phase() == Phase.STOPPING) {
      return Decision.of(free);
    }
    if (state.phase() == Phase.STOPPED) {
      return Decision.of(free.launched(now), Action.LAUNCH);
    }
    var counted = free.withRestarts(state.restarts() + 1);
    return state.alive()
        ? Decision.of(counted.to(Phase.STOPPING, now).withDueAt(now.plus(grace)), Action.TERMINATE)
        : Decision.of(counted.launched(now), Action.LAUNCH);
  }

  /**
   * Whether a restart would only throw the process back: whoever asks for one because it does not
   * answer would otherwise ask again and again on a busy machine, and nothing would ever come up.
   */
  private static boolean isOnItsWay(ProcessState state, Duration now) {
    return state.phase() == Phase.STARTING
        && state.alive()
        && now.minus(state.since()).compareTo(START_PATIENCE) < 0;
  }

  private static Decision exited(ProcessState state, Duration now) {
    return switch (state.phase()) {
      case STOPPING ->
          state.wanted()
              ? Decision.of(state.launched(now), Action.LAUNCH)
              : Decision.of(state.to(Phase.STOPPED, now));
      case STARTING, HEALTHY, UNHEALTHY -> {
        int failures = state.failures() + 1;
        yield Decision.of(
            state
                .to(Phase.BACK_OFF, now)
                .withFailures(failures)
                .withDueAt(now.plus(BackOff.after(failures))));
      }
      case HELD_DOWN -> tick(state, now);
      case BACK_OFF, STOPPED -> Decision.of(state);
    };
  }

  private static ProcessState probed(ProcessState state, boolean healthy, Duration now) {
    return switch (state.phase()) {
      case STARTING, UNHEALTHY -> healthy ? state.to(Phase.HEALTHY, now) : state;
      case HEALTHY -> {
        int misses = healthy ? 0 : state.misses() + 1;
        yield misses >= MISSES ? state.to(Phase.UNHEALTHY, now) : state.withMisses(misses);
      }
      case STOPPING, STOPPED, BACK_OFF, HELD_DOWN -> state;
    };
  }

  private static Decision tick(ProcessState state, Duration now) {
    return switch (state.phase()) {
      case HEALTHY ->
          Decision.of(
              now.minus(state.since()).compareTo(STEADY) >= 0 ? state.withFailures(0) : state);
      case BACK_OFF -> now.compareTo(state.dueAt()) >= 0 ? again(state, now) : Decision.of(state);
      case STOPPING ->
          state.alive() && now.compareTo(state.dueAt()) >= 0
              ? Decision.of(state.withDueAt(now.plus(GRACE)), Action.KILL)
              : Decision.of(state);
      case HELD_DOWN -> {
        var over =
            state.leases().entrySet().stream()
                .filter(lease -> now.compareTo(lease.getValue()) >= 0)
                .map(Map.Entry::getKey)
                .toList();
        var left = endLeases(state, over);
        yield left.leases().isEmpty() && !left.alive() ? again(left, now) : Decision.of(left);
      }
      case STARTING, UNHEALTHY, STOPPED -> Decision.of(state);
    };
  }

  private static Decision again(ProcessState state, Duration now) {
    return Decision.of(state.withRestarts(state.restarts() + 1).launched(now), Action.LAUNCH);
  }

  private static Decision holdDown(ProcessState state, String lease, Duration end, Duration now) {
    if (!state.wanted()) {
      return Decision.refused(state, Refusal.NOT_RUNNING);
    }
    if (state.endedLeases().contains(lease)) {
      return Decision.refused(state, Refusal.LEASE_ENDED);
    }
    var open = new HashMap<String, Duration>(state.leases());
    open.put(lease, end);
    if (open.size() > MAX_LEASES) {
      return Decision.refused(state, Refusal.TOO_MANY_LEASES);
    }
    var held = state.withLeases(open, state.endedLeases());
    if (state.phase() == Phase.HELD_DOWN) {
      return Decision.of(held);
    }
    var down = held.to(Phase.HELD_DOWN, now);
    return state.alive() ? Decision.of(down, Action.KILL) : Decision.of(down);
  }

  private static ProcessState endLeases(ProcessState state, List<String> names) {
    if (names.isEmpty()) {
      return state;
    }
    Map<String, Duration> open = new HashMap<>(state.leases());
    names.forEach(open::remove);
    var ended = new ArrayList<>(state.endedLeases());
    ended.removeAll(names);
    ended.addAll(names);
    int surplus = Math.max(0, ended.size() - REMEMBERED_LEASES);
    return state.withLeases(open, ended.subList(surplus, ended.size()));
  }
}
