package dev.watchtower.ingest;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts ingest-service. */
@SpringBootApplication
public class IngestServiceApplication {
  /** Starts the service; it ends when the process is told to. */
  public static void main(String[] args) {
    SpringApplication.run(IngestServiceApplication.class, args);
  }
}
