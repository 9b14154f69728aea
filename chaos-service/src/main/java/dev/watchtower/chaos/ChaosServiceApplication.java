package dev.watchtower.chaos;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts chaos-service. */
@SpringBootApplication
public class ChaosServiceApplication {
  /** Starts the service. */
  public static void main(String[] args) {
    SpringApplication.run(ChaosServiceApplication.class, args);
  }
}
