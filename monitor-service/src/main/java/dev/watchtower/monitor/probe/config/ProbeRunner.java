package dev.watchtower.monitor.probe.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.Target;
import dev.watchtower.monitor.probe.TargetList;
import dev.watchtower.monitor.probe.http.NetworkProber;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Probes every target on a virtual thread of its own, so that a slow one delays no other. Follows
 * the catalog.
 */
final class ProbeRunner implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeRunner.class);

  /** Spreads the checks: each waits up to this share of the interval less. */
  private static final double JITTER = 0.1;

  private record Loop(Target target, Thread thread, CountDownLatch stopped) {
    void stop() {
      stopped.countDown();
      thread.interrupt();
    }
  }

  private final HealthBoard board;
  private final NetworkProber prober;
  private final TargetList targets;
  private final CatalogSource catalog;
  private final Clock clock;
  private final RandomGenerator random;
  private final Map<String, Loop> loops = new HashMap<>();
  private volatile boolean running;

  ProbeRunner(
      HealthBoard board,
      NetworkProber prober,
      TargetList targets,
      CatalogSource catalog,
      Clock clock,
      RandomGenerator random) {
    this.board = board;
    this.prober = prober;
    this.targets = targets;
    this.catalog = catalog;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public synchronized void start() {
    running = true;
    follow();
    catalog.onChange(_ -> follow());
  }

  private synchronized void follow() {
    if (!running) {
      return;
    }
    var wanted = targets.with(catalog.current());
    board.watch(wanted, clock.instant());
    loops
        .values()
        .removeIf(loop -> {
          boolean gone = !wanted.contains(loop.target());
          if (gone) {
            loop.stop();
          }
          return gone;
        });
    for (var target : wanted) {
      loops.computeIfAbsent(target.name(), name -> begin(target));
    }
  }

  private Loop begin(Target target) {
    var stopped = new CountDownLatch(1);
    var thread =
        Thread.ofVirtual()
            .name("probe-" + target.name())
            .start(Enduring.loop("probe-" + target.name(), () -> run(target, stopped)));
    return new Loop(target, thread, stopped);
  }

  private void run(Target target, CountDownLatch stopped) {
    long interval = target.interval().toMillis();
    try {
      do {
        var result = prober.check(target);
        try {
          board.take(target, result, clock.instant());
        } catch (RuntimeException e) {
          if (stopped.getCount() == 0) {
            return;
          }
          // The loop must go on, whatever the store or a listener says: the next result comes soon.
          LOG.atError()
              .setCause(e)
              .addKeyValue("target", target.name())
              .log("a probe's result was not taken in full");
        }
      } while (!stopped.await(
          Math.round(interval * (1 - JITTER * random.nextDouble())), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void stop() {
    running = false;
    loops.values().forEach(Loop::stop);
    loops.clear();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
