package dev.watchtower.incident.notification.jdbc;

import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.notification.SeenInteractions;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code discord_interaction}. */
public final class JdbcSeenInteractions implements SeenInteractions {
  private static final Duration KEPT = Duration.ofHours(1);

  private final JdbcClient jdbc;

  /** Interactions in the database behind {@code jdbc}. */
  public JdbcSeenInteractions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public boolean isFirst(String id, Instant now) {
    jdbc.sql("delete from discord_interaction where at < ?").param(utc(now.minus(KEPT))).update();
    return jdbc.sql("insert into discord_interaction (id, at) values (?, ?) on conflict do nothing")
            .params(id, utc(now))
            .update()
        > 0;
  }
}
