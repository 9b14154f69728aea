package dev.watchtower.analysis;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts analysis-service. */
@SpringBootApplication
public class AnalysisApplication {
  /** Starts the service. */
  public static void main(String[] args) {
    SpringApplication.run(AnalysisApplication.class, args);
  }
}
