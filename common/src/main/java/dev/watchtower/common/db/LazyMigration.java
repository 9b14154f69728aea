package dev.watchtower.common.db;

import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.common.problem.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/**
 * Migrates the service's schema in the background and tries again until it succeeds, so that the
 * service starts and answers while PostgreSQL is down.
 */
public final class LazyMigration implements SmartLifecycle, HealthIndicator {
  private static final Logger LOG = LoggerFactory.getLogger(LazyMigration.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Flyway flyway;
  private final CompletableFuture<Void> migrated = new CompletableFuture<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable String lastError;
  private volatile boolean running;

  LazyMigration(Flyway flyway) {
    this.flyway = flyway;
  }

  /**
   * Completes when the schema is ready; never exceptionally. Runs dependents on the migrating
   * thread.
   */
  public CompletableFuture<Void> migrated() {
    return migrated;
  }

  /** Whether the schema is ready. */
  public boolean isReady() {
    return migrated.isDone();
  }

  /**
   * Returns when the schema is ready.
   *
   * @throws Problem 503 if it is not
   */
  public void require() {
    if (!migrated.isDone()) {
      throw Problem.unavailable("The database is not ready yet; try again.", Duration.ofSeconds(2));
    }
  }

  /** May be called before its turn, by who needs the schema soon; then its turn changes nothing. */
  @Override
  public synchronized void start() {
    if (running) {
      return;
    }
    running = true;
    Thread.ofPlatform().daemon().name("migration").start(Enduring.loop("migration", this::run));
  }

  private void run() throws InterruptedException {
    while (!migrated.isDone() && !stopped.await(0, TimeUnit.MILLISECONDS)) {
      try {
        flyway.migrate();
        lastError = null;
        migrated.complete(null);
      } catch (FlywayException e) {
        var message = firstLine(e);
        if (!message.equals(lastError)) {
          LOG.atWarn().addKeyValue("reason", message).log("the database is not ready, trying on");
        }
        lastError = message;
        if (stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    }
  }

  private static String firstLine(Throwable e) {
    var root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("unknown");
  }

  @Override
  public void stop() {
    running = false;
    stopped.countDown();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before web and workers. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public Health health() {
    if (migrated.isDone()) {
      return Health.up().build();
    }
    var health = Health.down();
    return (lastError == null ? health : health.withDetail("reason", lastError)).build();
  }
}
