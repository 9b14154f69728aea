package dev.watchtower.launcher.supervisor;

import dev.watchtower.launcher.lifecycle.Lifecycle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A process that can be supervised.
 *
 * @param name how people and the interface call it
 * @param port where it listens
 * @param crashable whether it may be crashed on purpose
 * @param launch how to start it; asked anew at each start
 * @param probe whether it is healthy; called on a thread of its own, has to answer within two
 *     seconds
 * @param end how it is asked to end
 */
public record ProcessSpec(
    String name,
    int port,
    boolean crashable,
    Supplier<Launch> launch,
    BooleanSupplier probe,
    EndSignal end) {

  /**
   * How to start a process.
   *
   * @param command the program and its arguments
   * @param environment what is added to the supervisor's own environment
   * @param directory the working directory
   * @param niceness how far it steps back for others when the processor is short, 0 (not at all) to
   *     19; heeded where the system can
   */
  public record Launch(
      List<String> command, Map<String, String> environment, Path directory, int niceness) {
    public Launch(List<String> command, Map<String, String> environment, Path directory) {
      this(command, environment, directory, 0);
    }

    public Launch {
      if (niceness < 0 || niceness > 19) {
        throw new IllegalArgumentException("niceness is 0 to 19, not " + niceness);
      }
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /** The signal that asks a process to end in order. */
  public enum EndSignal {
    TERM(Lifecycle.GRACE),
    /**
     * What PostgreSQL calls a fast shutdown: it does not wait for its clients, but writes all that
     * it has in memory to disk, which takes a while on a slow one.
     */
    INT(Duration.ofMinutes(2));

    private final Duration grace;

    EndSignal(Duration grace) {
      this.grace = grace;
    }

    /** How long a process may take to end after it before it is killed. */
    public Duration grace() {
      return grace;
    }
  }
}
