package dev.watchtower.incident.mute.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.instantOrNull;
import static dev.watchtower.incident.jdbc.Columns.utc;
import static dev.watchtower.incident.jdbc.Columns.utcOrNull;

import dev.watchtower.incident.mute.Matchers;
import dev.watchtower.incident.mute.MuteRule;
import dev.watchtower.incident.mute.Mutes;
import dev.watchtower.incident.mute.Muting;
import dev.watchtower.incident.mute.Schedule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code mute_rule} and {@code incident_mute}. */
public final class JdbcMutes implements Mutes {
  // The last stretch of what recurs may last up to seven days beyond its end.
  private static final String CURRENT =
      """
      ended_at is null
      and (ends_at is null or ends_at + make_interval(secs => coalesce(length_seconds, 0)) > :now)
      """;

  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** Mutes in the database behind {@code jdbc}. */
  public JdbcMutes(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public MuteRule add(
      MuteRule.Kind kind,
      Matchers matchers,
      Schedule schedule,
      String author,
      String reason,
      Instant now) {
    var id = UUID.randomUUID();
    var weekly = schedule instanceof Schedule.Weekly w ? w : null;
    jdbc.sql(
            """
            insert into mute_rule (id, kind, matchers, author, reason, starts_at, ends_at,
              zone, days, at_time, length_seconds, created_at)
            values (:id, :kind, :matchers::jsonb, :author, :reason, :starts, :ends,
              :zone, :days, :at, :length, :now)
            """)
        .param("id", id)
        .param("kind", kind.name())
        .param("matchers", json.writeValueAsString(matchers))
        .param("author", author)
        .param("reason", reason)
        .param("starts", utc(schedule.from()))
        .param("ends", utcOrNull(schedule.to()))
        .param("zone", weekly == null ? null : weekly.zone().getId())
        .param("days", weekly == null ? null : text(weekly))
        .param("at", weekly == null ? null : weekly.at().toString())
        .param("length", weekly == null ? null : weekly.length().toSeconds())
        .param("now", utc(now))
        .update();
    return find(id).orElseThrow();
  }

  private static String text(Schedule.Weekly weekly) {
    return weekly.days().stream().sorted().map(DayOfWeek::name).collect(Collectors.joining(","));
  }

  @Override
  public Optional<MuteRule> find(UUID id) {
    return jdbc.sql("select * from mute_rule where id = ?").param(id).query(this::rule).optional();
  }

  @Override
  public boolean end(UUID id, String by, Instant now) {
    return jdbc.sql(
                """
                update mute_rule set ended_at = ?, ended_by = ? where id = ? and ended_at is null
                """)
            .params(utc(now), by, id)
            .update()
        > 0;
  }

  @Override
  public List<MuteRule> current(Instant now) {
    return jdbc.sql("select * from mute_rule where " + CURRENT + " order by seq limit :limit")
        .param("now", utc(now))
        .param("limit", 2 * MAX_CURRENT)
        .query(this::rule)
        .list();
  }

  @Override
  public List<MuteRule> list(
      MuteRule.Kind kind, @Nullable Instant currentAt, @Nullable Long below, int limit) {
    return jdbc.sql(
            """
            select * from mute_rule where kind = :kind and (:below::bigint is null or seq < :below)
              and (:now::timestamptz is null or (%s))
            order by seq desc limit :limit
            """
                .formatted(CURRENT))
        .param("kind", kind.name())
        .param("now", utcOrNull(currentAt))
        .param("below", below)
        .param("limit", limit)
        .query(this::rule)
        .list();
  }

  @Override
  public void hold(UUID incident, Muting muting, Instant now) {
    jdbc.sql(
            """
            insert into incident_mute (incident_id, kind, cause, why, until, since)
            values (:incident, :kind, :cause, :why, :until, :now)
            on conflict (incident_id) do update set kind = excluded.kind, cause = excluded.cause,
              why = excluded.why, until = excluded.until
            """)
        .param("incident", incident)
        .param("kind", muting.kind().name())
        .param("cause", muting.cause())
        .param("why", muting.why())
        .param("until", utcOrNull(muting.until()))
        .param("now", utc(now))
        .update();
  }

  @Override
  public void release(UUID incident) {
    jdbc.sql("delete from incident_mute where incident_id = ?").param(incident).update();
  }

  @Override
  public Optional<Held> held(UUID incident) {
    return jdbc.sql("select * from incident_mute where incident_id = ?")
        .param(incident)
        .query(JdbcMutes::held)
        .optional();
  }

  @Override
  public List<Held> held(int limit) {
    return jdbc.sql("select * from incident_mute order by since, incident_id limit ?")
        .param(limit)
        .query(JdbcMutes::held)
        .list();
  }

  @Override
  public List<Held> watched(@Nullable Held after, int limit) {
    return jdbc.sql(
            """
            select m.* from incident_mute m join incident i on i.id = m.incident_id
            where i.state <> 'MITIGATED' and (cast(:since as timestamptz) is null
              or (m.since, m.incident_id) > (:since, cast(:incident as uuid)))
            order by m.since, m.incident_id limit :limit
            """)
        .param("since", after == null ? null : utc(after.since()))
        .param("incident", after == null ? null : after.incident())
        .param("limit", limit)
        .query(JdbcMutes::held)
        .list();
  }

  private static Held held(ResultSet row, int i) throws SQLException {
    return new Held(
        row.getObject("incident_id", UUID.class),
        new Muting(
            Muting.Kind.valueOf(row.getString("kind")),
            row.getString("cause"),
            row.getString("why"),
            instantOrNull(row, "until")),
        instant(row, "since"));
  }

  private MuteRule rule(ResultSet row, int i) throws SQLException {
    return new MuteRule(
        row.getObject("id", UUID.class),
        row.getLong("seq"),
        MuteRule.Kind.valueOf(row.getString("kind")),
        json.readValue(row.getString("matchers"), Matchers.class),
        schedule(row),
        row.getString("author"),
        row.getString("reason"),
        instant(row, "created_at"),
        instantOrNull(row, "ended_at"),
        row.getString("ended_by"));
  }

  private static Schedule schedule(ResultSet row) throws SQLException {
    var from = instant(row, "starts_at");
    var zone = row.getString("zone");
    if (zone == null) {
      return new Schedule.Once(from, instant(row, "ends_at"));
    }
    var days =
        Arrays.stream(row.getString("days").split(",", -1))
            .map(DayOfWeek::valueOf)
            .collect(Collectors.toSet());
    return new Schedule.Weekly(
        ZoneId.of(zone),
        days,
        LocalTime.parse(row.getString("at_time")),
        Duration.ofSeconds(row.getLong("length_seconds")),
        from,
        instantOrNull(row, "ends_at"));
  }
}
