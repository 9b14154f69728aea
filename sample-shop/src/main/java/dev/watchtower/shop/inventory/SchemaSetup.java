package dev.watchtower.shop.inventory;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Sets the schema up in the background, again and again until the database is there: the process
 * starts without it.
 */
@Component
@Profile("inventory")
final class SchemaSetup implements FlywayMigrationStrategy, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaSetup.class);

  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("schema").factory());

  @Override
  public void migrate(Flyway flyway) {
    var unused = scheduler.scheduleWithFixedDelay(() -> attempt(flyway), 0, 1, TimeUnit.SECONDS);
  }

  private void attempt(Flyway flyway) {
    try {
      flyway.migrate();
      LOG.atInfo().log("schema ready");
      scheduler.shutdown();
    } catch (FlywayException e) {
      LOG.atWarn()
          .addKeyValue("reason", String.valueOf(e.getMessage()).lines().findFirst().orElse(""))
          .log("the schema cannot be set up yet");
    }
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
