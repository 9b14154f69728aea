package dev.watchtower.common.db;

import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets a service start without its database: the migration is taken out of the start and made in
 * the background.
 */
@AutoConfiguration(
    beforeName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@ConditionalOnProperty(name = "watchtower.lazy-migration", havingValue = "true")
@ConditionalOnClass({Flyway.class, FlywayMigrationStrategy.class})
public class DatabaseAutoConfiguration {
  @Bean
  FlywayMigrationStrategy migrateLater() {
    return flyway -> {};
  }

  /** Apart, because it needs the Flyway bean that comes later. */
  @Configuration(proxyBeanMethods = false)
  static class Migration {
    @Bean("migrationHealthIndicator")
    LazyMigration lazyMigration(Flyway flyway) {
      return new LazyMigration(flyway);
    }
  }
}
