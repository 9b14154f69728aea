package dev.watchtower.common.catalog;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code playbooks} and {@code commands}: what may be repaired without a person, and with what.
 * docs/remediation.md explains it.
 */
public record Remediation(List<Playbook> playbooks, List<Command> commands) {
  /** Nothing is repaired. */
  public static final Remediation NONE = new Remediation(List.of(), List.of());

  public Remediation {
    playbooks = List.copyOf(playbooks);
    commands = List.copyOf(commands);
  }

  /** The command of that name, if the catalog has it. */
  public Optional<Command> command(String name) {
    return commands.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /**
   * A command that the supervisor may run beside a process of its own; nothing else is ever run.
   *
   * @param processes the supervised processes it is for
   * @param run the program and its arguments; no shell is involved. {@code {pid}} and {@code
   *     {port}} stand for the process's
   * @param timeout after which it is killed
   */
  public record Command(String name, List<String> processes, List<String> run, Duration timeout) {
    public Command {
      processes = List.copyOf(processes);
      run = List.copyOf(run);
    }
  }

  /**
   * What is done, under which guards, when a signal fires.
   *
   * @param triggers signal kinds that start it
   * @param services the services it may act on, or {@code *} for all
   * @param environments those in which it may act; empty: all, but for {@link Action#isOnAProcess}
   *     only the one in which the process runs
   * @param states the states of the incident in which it may act; empty for all but the last
   * @param cooldown shortest time between two executions on one service
   * @param limitPerHour most executions an hour on one service
   * @param expectWithin how soon it must have helped to count as a success, when {@code expect} is
   *     null
   * @param expect what must be seen afterwards; null: after a restart that the process is healthy,
   *     else that the signal cleared
   * @param dryRun only says what it would do
   * @param risky a person must approve each use
   * @param approveWithin how long it waits for that person
   */
  public record Playbook(
      String name,
      List<SignalKind> triggers,
      List<String> services,
      List<String> environments,
      List<IncidentState> states,
      Action action,
      Duration cooldown,
      int limitPerHour,
      Duration expectWithin,
      @Nullable Expectation expect,
      boolean dryRun,
      boolean risky,
      Duration approveWithin) {
    public Playbook {
      triggers = List.copyOf(triggers);
      services = List.copyOf(services);
      environments = List.copyOf(environments);
      states = List.copyOf(states);
    }

    /** Whether it is for a signal of that kind of that service in that environment. */
    public boolean covers(SignalKind kind, String service, String env) {
      return triggers.contains(kind)
          && (services.contains("*") || services.contains(service))
          && isFor(env);
    }

    /** Whether it is for that environment, as far as it says. */
    public boolean isFor(String env) {
      return environments.isEmpty() || environments.contains(env);
    }

    /** Whether it may act on an incident in that state. */
    public boolean actsIn(IncidentState state) {
      return state != IncidentState.RESOLVED && (states.isEmpty() || states.contains(state));
    }

    /** How long after the action its effect is judged. */
    public Duration judgedAfter() {
      return expect == null ? expectWithin : expect.within();
    }
  }

  /**
   * What a golden signal of the service must show.
   *
   * @param comparison {@code >}, {@code >=}, {@code <} or {@code <=}
   */
  public record Expectation(String signal, String comparison, double value, Duration within) {
    /** Whether {@code actual} compares with {@code value} as the comparison says. */
    public static boolean compare(double actual, String comparison, double value) {
      return switch (comparison) {
        case ">" -> actual > value;
        case ">=" -> actual >= value;
        case "<" -> actual < value;
        case "<=" -> actual <= value;
        default -> throw new IllegalArgumentException("no comparison: " + comparison);
      };
    }
  }

  /** What a playbook does. */
  public sealed interface Action {
    /** Its word in the catalog. */
    String word();

    /** Whether it can be taken back. */
    default boolean canUndo() {
      return false;
    }

    /**
     * Whether it acts on a supervised process, of which there is one for a service, in one
     * environment.
     */
    default boolean isOnAProcess() {
      return false;
    }

    /** Restarts the service's process through the supervisor. */
    record Restart() implements Action {
      @Override
      public String word() {
        return "restart";
      }

      @Override
      public boolean isOnAProcess() {
        return true;
      }
    }

    /** Stops the chaos runs against the service that are no secret. */
    record StopRun() implements Action {
      @Override
      public String word() {
        return "stop-run";
      }
    }

    /**
     * Calls an address, signed.
     *
     * @param url a secret; empty: not configured
     * @param secret signs the call
     * @param cloudEvents whether the body is a CloudEvent; else plain JSON
     * @param undoUrl called when it did not help
     */
    record Webhook(String url, String secret, boolean cloudEvents, @Nullable String undoUrl)
        implements Action {
      @Override
      public String word() {
        return "webhook";
      }

      @Override
      public boolean canUndo() {
        return undoUrl != null && !undoUrl.isEmpty();
      }

      /** Without the secrets, so that they are never logged. */
      @Override
      public String toString() {
        return "Webhook[" + (cloudEvents ? "cloudevents" : "json") + "]";
      }
    }

    /**
     * Has the supervisor run a command of the catalog.
     *
     * @param process beside which it runs; null: the service's
     * @param undo the command that takes it back
     */
    record Run(String command, @Nullable String process, @Nullable String undo) implements Action {
      @Override
      public String word() {
        return "command";
      }

      @Override
      public boolean canUndo() {
        return undo != null;
      }

      @Override
      public boolean isOnAProcess() {
        return true;
      }
    }
  }
}
