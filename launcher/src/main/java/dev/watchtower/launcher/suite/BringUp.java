package dev.watchtower.launcher.suite;

import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import dev.watchtower.launcher.supervisor.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Starts the plan's processes in order: the database, then monitor, then the others, only a few at
 * the same time, because on a small machine all at once is slower than one after the other.
 */
final class BringUp {
  /** How many may be starting at the same time. */
  static final int WINDOW = 3;

  /** After this long a process that is still not healthy no longer keeps others waiting. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  /** How long the sample shop waits for monitor, which makes its token. */
  private static final Duration TOKEN_PATIENCE = Duration.ofSeconds(120);

  private static final Duration LIMIT = Duration.ofSeconds(180);

  /** A process that was restarted so often while it starts is not waited for any more. */
  static final int HOPELESS = 4;

  private static final Duration STEP = Duration.ofMillis(500);

  /** What has to be done between the starts. */
  interface Steps {
    /** Whether the database runs and says that it does not take connections yet. */
    boolean databaseRecovers();

    /** What the start has to wait for, in a sentence; empty when it goes on. */
    void waitsFor(String sentence);

    /** The database takes connections: make what is missing in it. */
    void databaseReady() throws IOException;

    /** Whether the tokens are there, so that the shop can start before monitor was asked. */
    boolean tokensReady();

    /**
     * Monitor is healthy: make the tokens that are missing or not valid any more.
     *
     * @return whether the shop's is a new one
     */
    boolean makeTokens() throws IOException;
  }

  private final Plan plan;
  private final Supervisor supervisor;
  private final Steps steps;
  private final Consumer<String> warnings;
  private final Map<Component, Long> startedNanos = new EnumMap<>(Component.class);
  private boolean tokensSettled;
  private boolean shopMayStart;

  BringUp(Plan plan, Supervisor supervisor, Steps steps, Consumer<String> warnings) {
    this.plan = plan;
    this.supervisor = supervisor;
    this.steps = steps;
    this.warnings = warnings;
  }

  /**
   * Starts everything and waits until it is healthy.
   *
   * @throws Refusal naming what does not become healthy; the rest runs on
   */
  void run() throws IOException, InterruptedException {
    if (plan.has(Component.POSTGRES)) {
      start(Component.POSTGRES);
      new DatabaseStart(supervisor, steps::databaseRecovers, steps::waitsFor, DatabaseStart.USUAL)
          .await();
      steps.databaseReady();
    }
    tokensSettled = !plan.has(Component.MONITOR);
    shopMayStart = tokensSettled || steps.tokensReady();
    var waiting = new ArrayDeque<Component>(plan.components());
    waiting.remove(Component.POSTGRES);
    while (!waiting.isEmpty()) {
      settleTokens();
      var next = waiting.peek();
      boolean mayStart =
          starting() < WINDOW && (next.kind() != Component.Kind.SHOP || shopMayStart);
      if (mayStart) {
        start(waiting.remove());
      } else {
        // Woken by any change; the limit is for those that are stuck.
        var before = supervisor.processes();
        var unused = supervisor.await(all -> !all.equals(before), STEP);
      }
    }
    boolean decided = supervisor.await(BringUp::decided, LIMIT);
    settleTokens();
    if (decided) {
      // The shop may have been restarted for a new token.
      var unused = supervisor.await(BringUp::decided, LIMIT);
    }
    var missing =
        supervisor.processes().stream()
            .filter(p -> p.phase() != Phase.HEALTHY)
            .map(ProcessSnapshot::name)
            .toList();
    if (!missing.isEmpty()) {
      throw new Refusal(
          String.join(", ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " not healthy: ./watchtower logs "
              + missing.getFirst()
              + " says why.");
    }
  }

  private void settleTokens() {
    // Without a token the shop sends nothing that is taken, so a slow monitor is waited for.
    boolean monitorStuck = overdue(Component.MONITOR, TOKEN_PATIENCE);
    if (tokensSettled || !(healthy(supervisor.processes(), Component.MONITOR) || monitorStuck)) {
      return;
    }
    tokensSettled = true;
    if (monitorStuck) {
      if (!shopMayStart) {
        warnings.accept("Monitor is not healthy, so the sample shop starts without a token.");
      }
      shopMayStart = true;
      return;
    }
    try {
      if (steps.makeTokens()) {
        restartShop();
      }
    } catch (IOException | UncheckedIOException e) {
      warnings.accept("The tokens of the sample shop could not be made: " + Reasons.of(e));
    }
    shopMayStart = true;
  }

  /** What runs with a token that was revoked gets the new one. */
  private void restartShop() {
    startedNanos.keySet().stream()
        .filter(component -> component.kind() == Component.Kind.SHOP)
        .forEach(component -> {
          var unused = supervisor.tell(component.id(), new ProcessEvent.Restart());
        });
  }

  private void start(Component component) {
    startedNanos.put(component, System.nanoTime());
    var unused = supervisor.tell(component.id(), new ProcessEvent.Start());
  }

  private long starting() {
    return plan.components().stream()
        .filter(
            c -> supervisor.process(c.id()).filter(p -> p.phase() == Phase.STARTING).isPresent())
        .filter(c -> !overdue(c, STUCK))
        .count();
  }

  private boolean overdue(Component component, Duration patience) {
    var started = startedNanos.get(component);
    return started != null
        && System.nanoTime() - started > patience.toNanos()
        && !healthy(supervisor.processes(), component);
  }

  /** Whether everything is healthy, or dies again and again. */
  private static boolean decided(List<ProcessSnapshot> all) {
    return all.stream().allMatch(p -> p.phase() == Phase.HEALTHY || p.restarts() >= HOPELESS);
  }

  private static boolean healthy(List<ProcessSnapshot> all, Component component) {
    return all.stream()
        .anyMatch(p -> p.name().equals(component.id()) && p.phase() == Phase.HEALTHY);
  }
}
