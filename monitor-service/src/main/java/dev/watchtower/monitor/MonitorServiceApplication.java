package dev.watchtower.monitor;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** monitor-service: works in full while everything else, PostgreSQL included, is down. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class MonitorServiceApplication {
  /** Starts the service. */
  public static void main(String[] args) {
    SpringApplication.run(MonitorServiceApplication.class, args);
  }
}
