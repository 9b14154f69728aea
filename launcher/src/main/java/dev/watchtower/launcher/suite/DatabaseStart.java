package dev.watchtower.launcher.suite;

import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import dev.watchtower.launcher.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Waits for the embedded database, which is running already. One that recovers from a crash says so
 * and may take minutes; one that says nothing is given up early.
 */
final class DatabaseStart {
  /** The usual limits. */
  static final Limits USUAL =
      new Limits(Duration.ofSeconds(90), Duration.ofSeconds(10), Duration.ofMinutes(30));

  private static final Duration STEP = Duration.ofMillis(500);

  private final Supervisor supervisor;
  private final BooleanSupplier recovering;
  private final Consumer<String> progress;
  private final Limits limits;

  /**
   * How long is waited.
   *
   * @param silent for a server that neither works nor says that it recovers
   * @param untold so long a recovery is not worth a line
   * @param recovery for one that recovers, in all
   */
  record Limits(Duration silent, Duration untold, Duration recovery) {}

  /**
   * A start under {@code supervisor}.
   *
   * @param recovering whether the server says that it is not ready yet; may take two seconds
   * @param progress told why it takes so long, in a sentence; empty when it does not any more
   */
  DatabaseStart(
      Supervisor supervisor, BooleanSupplier recovering, Consumer<String> progress, Limits limits) {
    this.supervisor = supervisor;
    this.recovering = recovering;
    this.progress = progress;
    this.limits = limits;
  }

  /**
   * Returns when the database takes connections.
   *
   * @throws Refusal if it does not in time, or dies again and again
   */
  void await() throws InterruptedException {
    long begin = System.nanoTime();
    long heard = begin;
    boolean told = false;
    while (!supervisor.await(DatabaseStart::healthy, STEP)) {
      if (recovering.getAsBoolean()) {
        heard = System.nanoTime();
        if (!told && over(begin, limits.untold())) {
          told = true;
          progress.accept(
              "The database was not ended in order and is recovering; this can take minutes, and"
                  + " nothing is lost.");
        }
      }
      if (over(begin, limits.recovery())) {
        throw refusal("is still recovering after " + limits.recovery().toMinutes() + " min");
      }
      if (over(heard, limits.silent())) {
        throw refusal("does not start within " + limits.silent().toSeconds() + " s");
      }
      if (supervisor.processes().stream().anyMatch(DatabaseStart::hopeless)) {
        throw refusal("dies again and again");
      }
    }
    if (told) {
      progress.accept("");
    }
  }

  private static Refusal refusal(String what) {
    return new Refusal("The database " + what + ": ./watchtower logs postgres says why.");
  }

  private static boolean over(long since, Duration limit) {
    return System.nanoTime() - since > limit.toNanos();
  }

  private static boolean healthy(List<ProcessSnapshot> all) {
    return all.stream().anyMatch(p -> isDatabase(p) && p.phase() == Phase.HEALTHY);
  }

  private static boolean hopeless(ProcessSnapshot process) {
    return isDatabase(process) && process.restarts() >= BringUp.HOPELESS;
  }

  private static boolean isDatabase(ProcessSnapshot process) {
    return process.name().equals(Component.POSTGRES.id());
  }
}
