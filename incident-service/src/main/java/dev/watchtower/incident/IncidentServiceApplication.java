package dev.watchtower.incident;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts incident-service. */
@SpringBootApplication
public class IncidentServiceApplication {
  /** Starts the service; it ends when the process is told to. */
  public static void main(String[] args) {
    SpringApplication.run(IncidentServiceApplication.class, args);
  }
}
