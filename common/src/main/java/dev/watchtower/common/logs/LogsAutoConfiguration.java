package dev.watchtower.common.logs;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** {@code GET /logs} in every service. */
@AutoConfiguration
@ConditionalOnProperty("watchtower.service")
@ConditionalOnWebApplication
@ConditionalOnClass(name = "ch.qos.logback.classic.spi.ILoggingEvent")
public class LogsAutoConfiguration {
  @Bean
  LogsController logsController() {
    return new LogsController(JsonLines.RECENT);
  }
}
