package dev.watchtower.monitor.config;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.watchtower.common.security.OwnFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service's own database: one SQLite file that no other process needs or touches. */
@Configuration(proxyBeanMethods = false)
class SqliteConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteConfiguration.class);

  /**
   * The file, made with its folder when absent, for its owner's eyes only. One connection: SQLite
   * has one writer anyway, and a queue in the pool is fairer than SQLite's waiting. What pages show
   * comes from memory.
   */
  @Bean(destroyMethod = "close")
  HikariDataSource dataSource(@Value("${watchtower.data-dir}") Path dataDir) {
    var folder = dataDir.resolve("monitor");
    try {
      // Sessions and hashes of passwords are in it.
      if (!OwnFolder.make(folder)) {
        LOG.atWarn()
            .addKeyValue("folder", folder)
            .log("other users of this machine may be able to read this folder: check its rights");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot make the folder " + folder + ": check its rights and the free space", e);
    }
    var config = new HikariConfig();
    config.setPoolName("monitor-sqlite");
    config.setDriverClassName("org.sqlite.JDBC");
    config.setJdbcUrl("jdbc:sqlite:" + folder.resolve("monitor.db").toAbsolutePath());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", "5000");
    config.addDataSourceProperty("foreign_keys", "true");
    // A "begin immediate" that fails leaves the pool with a connection on which no transaction
    // works any more.
    config.addDataSourceProperty("transaction_mode", "DEFERRED");
    return new HikariDataSource(config);
  }
}
