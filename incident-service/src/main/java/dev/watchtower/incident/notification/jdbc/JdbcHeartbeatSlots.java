package dev.watchtower.incident.notification.jdbc;

import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.notification.HeartbeatClock;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code heartbeat}, which has one row. */
public final class JdbcHeartbeatSlots implements HeartbeatClock.Slots {
  private final JdbcClient jdbc;

  /** Slots in the database behind {@code jdbc}. */
  public JdbcHeartbeatSlots(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public boolean take(Instant slot) {
    boolean later =
        jdbc.sql("update heartbeat set slot = :slot where slot < :slot")
                .param("slot", utc(slot))
                .update()
            > 0;
    if (!later) {
      jdbc.sql("insert into heartbeat (one, slot) values (true, ?) on conflict do nothing")
          .param(utc(slot))
          .update();
    }
    return later;
  }
}
