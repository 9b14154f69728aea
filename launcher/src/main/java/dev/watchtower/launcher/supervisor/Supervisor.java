package dev.watchtower.launcher.supervisor;

import dev.watchtower.launcher.lifecycle.Decision;
import dev.watchtower.launcher.lifecycle.Lifecycle;
import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Runs processes: starts them, restarts those that die, keeps their logs and their pids. What
 * happens to a process is decided by {@link Lifecycle}; one thread of the supervisor carries all
 * decisions out, so there are no races between them. Safe for use by several threads.
 */
public final class Supervisor implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** Told each change of a phase, on the supervisor's thread; has to return quickly. */
  @FunctionalInterface
  public interface Listener {
    /** The process went from {@code before} to what {@code after} says. */
    void changed(Phase before, ProcessSnapshot after);
  }

  private final Map<String, SupervisedProcess> processes = new LinkedHashMap<>();
  private final ProcessRecords records;
  private final Listener listener;
  private final ScheduledExecutorService loop;
  private final long origin = System.nanoTime();
  private final Object changed = new Object();
  private volatile List<ProcessSnapshot> snapshots;
  private volatile boolean closing;

  /**
   * A supervisor that runs nothing yet.
   *
   * @param logs folder of the processes' logs
   * @param records where the pids are kept
   */
  public Supervisor(
      List<ProcessSpec> specs, Path logs, ProcessRecords records, Clock clock, Listener listener)
      throws IOException {
    this.records = records;
    this.listener = listener;
    var onLoop = new OnLoop();
    for (var spec : specs) {
      processes.put(spec.name(), new SupervisedProcess(spec, logs, clock, onLoop));
    }
    this.snapshots = processes.values().stream().map(SupervisedProcess::snapshot).toList();
    var executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("supervisor").factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.loop = executor;
    var unused =
        loop.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** All processes, in the order in which they were given. */
  public List<ProcessSnapshot> processes() {
    return snapshots;
  }

  /** The process of that name, if there is one. */
  public Optional<ProcessSnapshot> process(String name) {
    return snapshots.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  /** Whether the process may be crashed on purpose. */
  public boolean crashable(String name) {
    var process = processes.get(name);
    return process != null && process.spec().crashable();
  }

  /**
   * Lets {@code event} happen to the process.
   *
   * @return why it was refused, if it was
   * @throws IllegalArgumentException if there is no such process
   * @throws IllegalStateException if the supervisor has been closed or is stuck; while it closes,
   *     for whatever would start a process
   */
  public Optional<Decision.Refusal> tell(String name, ProcessEvent event) {
    var process = processes.get(name);
    if (process == null) {
      throw new IllegalArgumentException("no process is called '" + name + "'");
    }
    var answer = new CompletableFuture<Optional<Decision.Refusal>>();
    try {
      loop.execute(() -> {
        if (closing && starts(event)) {
          answer.completeExceptionally(new IllegalStateException("the supervisor is closing"));
        } else {
          answer.complete(apply(process, event));
        }
      });
      return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the supervisor is closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          closing ? "it was told to end" : "the supervisor does not answer", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the supervisor does not answer", e);
    }
  }

  private static boolean starts(ProcessEvent event) {
    return event instanceof ProcessEvent.Start
        || event instanceof ProcessEvent.Restart
        || event instanceof ProcessEvent.Repair;
  }

  /**
   * Waits until {@code condition} holds for the processes, at most {@code limit}.
   *
   * @return whether it holds
   */
  public boolean await(Predicate<List<ProcessSnapshot>> condition, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (changed) {
      while (!condition.test(snapshots)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        changed.wait(left);
      }
      return true;
    }
  }

  /**
   * Ends all processes, the last given first together, the first given (the database) at the end.
   * From now on nothing is started any more, whoever asks.
   */
  @Override
  public void close() {
    closing = true;
    var names = new ArrayList<>(processes.keySet());
    if (names.isEmpty() || loop.isShutdown()) {
      loop.shutdown();
      return;
    }
    var first = names.removeFirst();
    try {
      for (var name : names.reversed()) {
        stop(name);
      }
      var limit = longest(names);
      var unused =
          await(
              all ->
                  all.stream()
                      .filter(p -> !p.name().equals(first))
                      .allMatch(p -> p.phase() == Phase.STOPPED),
              limit);
      stop(first);
      if (!await(Supervisor::stopped, Signals.SLOW)) {
        System.err.println(
            "%s is still ending; it is given up to %d s."
                .formatted(first, grace(first).toSeconds()));
        var unusedToo = await(Supervisor::stopped, longest(List.of(first)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      loop.shutdown();
    }
  }

  /** So long it takes at most until one of {@code names} is gone: it is killed twice. */
  private Duration longest(List<String> names) {
    return names.stream()
        .map(this::grace)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO)
        .plus(Lifecycle.GRACE)
        .plusSeconds(5);
  }

  private Duration grace(String name) {
    var process = processes.get(name);
    return process == null ? Duration.ZERO : process.spec().end().grace();
  }

  private static boolean stopped(List<ProcessSnapshot> all) {
    return all.stream().allMatch(p -> p.phase() == Phase.STOPPED);
  }

  private void stop(String name) {
    try {
      var unused = tell(name, new ProcessEvent.Stop());
    } catch (IllegalStateException e) {
      // The others have to end all the same.
      System.err.println("cannot stop " + name + ": " + e.getMessage());
    }
  }

  private final class OnLoop implements SupervisedProcess.Loop {
    @Override
    public void execute(Runnable task) {
      try {
        loop.execute(task);
      } catch (RejectedExecutionException e) {
        // Closed: what happens to the process now concerns nobody any more.
      }
    }

    @Override
    public void apply(SupervisedProcess process, ProcessEvent event) {
      var unused = Supervisor.this.apply(process, event);
    }
  }

  private void tick() {
    for (var process : processes.values()) {
      try {
        var unused = apply(process, new ProcessEvent.Tick());
        process.probeWhenDue(uptime());
      } catch (RuntimeException | Error e) {
        // A fault with one process, such as no room for one more thread, must not end the tick:
        // nothing would be restarted any more, and nobody told.
        System.err.println("cannot look after " + process.spec().name() + ": " + e);
      }
    }
  }

  private Optional<Decision.Refusal> apply(SupervisedProcess process, ProcessEvent event) {
    var before = process.snapshot();
    var decision = Lifecycle.decide(process.state(), event, uptime(), process.spec().end().grace());
    boolean pidsChanged = process.carryOut(decision) || event instanceof ProcessEvent.Exited;
    var after = process.snapshot();
    if (pidsChanged) {
      record();
    }
    if (!after.equals(before)) {
      synchronized (changed) {
        snapshots = processes.values().stream().map(SupervisedProcess::snapshot).toList();
        changed.notifyAll();
      }
      if (before.phase() != after.phase()) {
        listener.changed(before.phase(), after);
      }
    }
    return decision.refusal();
  }

  private void record() {
    try {
      records.write(processes.values().stream().flatMap(p -> p.entry().stream()).toList());
    } catch (IOException e) {
      // Without the record a killed supervisor's processes are not found by the next one; running
      // on is still right.
      System.err.println("cannot write the list of pids: " + e.getMessage());
    }
  }

  private Duration uptime() {
    return Duration.ofNanos(System.nanoTime() - origin);
  }
}
