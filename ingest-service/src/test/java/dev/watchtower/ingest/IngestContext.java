package dev.watchtower.ingest;

import dev.watchtower.common.test.PostgresSupport;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The whole service on a real PostgreSQL: one context for all tests that extend this. Another
 * service on the same database would take it over, so who wants one of his own extends {@link
 * RunningIngest}.
 */
public abstract class IngestContext extends RunningIngest {
  /** What {@code up --port-offset} adds to the ports that the catalog names. */
  protected static final int PORT_OFFSET = 1;

  private static final PostgresSupport.Db DB = PostgresSupport.database();

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry registry) {
    DB.register(registry);
    registry.add("WATCHTOWER_PORT_OFFSET", () -> PORT_OFFSET);
  }
}
