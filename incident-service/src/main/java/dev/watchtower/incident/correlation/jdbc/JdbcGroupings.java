package dev.watchtower.incident.correlation.jdbc;

import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.correlation.Groupings;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code incident_grouping}. */
public final class JdbcGroupings implements Groupings {
  private final JdbcClient jdbc;

  /** Groupings in the database behind {@code jdbc}. */
  public JdbcGroupings(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void add(UUID incident, Kind kind, UUID other, Instant at) {
    // What was split off may be merged back: the last word counts.
    jdbc.sql(
            """
            insert into incident_grouping (incident_id, kind, other_id, at) values (?, ?, ?, ?)
            on conflict (incident_id) do update
              set kind = excluded.kind, other_id = excluded.other_id, at = excluded.at
            """)
        .params(incident, kind.name(), other, utc(at))
        .update();
  }

  @Override
  public Optional<UUID> splitFrom(UUID incident) {
    return other(incident, Kind.SPLIT_FROM);
  }

  @Override
  public Optional<UUID> mergedInto(UUID incident) {
    return other(incident, Kind.MERGED_INTO);
  }

  private Optional<UUID> other(UUID incident, Kind kind) {
    return jdbc.sql("select other_id from incident_grouping where incident_id = ? and kind = ?")
        .params(incident, kind.name())
        .query(UUID.class)
        .optional();
  }
}
