package dev.watchtower.incident.remediation.jdbc;

import dev.watchtower.incident.remediation.Repair;
import dev.watchtower.incident.remediation.Repairs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code remediation}. */
public final class JdbcRepairs implements Repairs {
  private static final String SELECT =
      "select r.*, i.number from remediation r join incident i on i.id = r.incident_id ";

  private final JdbcClient jdbc;

  /** Repairs in the database behind {@code jdbc}. */
  public JdbcRepairs(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void plan(Plan plan, Instant now) {
    jdbc.sql(
            """
            insert into remediation
              (id, incident_id, playbook, action, service, fingerprint, trigger, state, planned_at)
            values (?, ?, ?, ?, ?, ?, ?, 'PLANNED', ?)
            """)
        .params(
            UUID.randomUUID(),
            plan.incident(),
            plan.playbook(),
            plan.action(),
            plan.service(),
            plan.fingerprint(),
            plan.trigger(),
            utc(now))
        .update();
  }

  @Override
  public List<Repair> in(Repair.State state) {
    return jdbc.sql(SELECT + "where r.state = ? order by r.seq limit 100")
        .param(state.name())
        .query(JdbcRepairs::repair)
        .list();
  }

  @Override
  public Optional<Repair> lock(UUID id) {
    return jdbc.sql(SELECT + "where r.id = ? for update of r skip locked")
        .param(id)
        .query(JdbcRepairs::repair)
        .optional();
  }

  @Override
  public Optional<Repair> find(UUID id) {
    return jdbc.sql(SELECT + "where r.id = ?").param(id).query(JdbcRepairs::repair).optional();
  }

  @Override
  public List<Instant> starts(String service, Instant since) {
    return jdbc.sql("select started_at from remediation where service = ? and started_at >= ?")
        .params(service, utc(since))
        .query((row, i) -> row.getObject("started_at", OffsetDateTime.class).toInstant())
        .list();
  }

  @Override
  public boolean isBusy(String service) {
    return jdbc.sql(
            """
            select exists (select 1 from remediation
                           where service = ? and state in ('RUNNING', 'CHECKING'))
            """)
        .param(service)
        .query(Boolean.class)
        .single();
  }

  @Override
  public void start(UUID id, Instant now, Instant checkBy) {
    jdbc.sql("update remediation set state = 'RUNNING', started_at = ?, check_by = ? where id = ?")
        .params(utc(now), utc(checkBy), id)
        .update();
  }

  @Override
  public void check(UUID id) {
    jdbc.sql("update remediation set state = 'CHECKING' where id = ? and state = 'RUNNING'")
        .param(id)
        .update();
  }

  @Override
  public void end(UUID id, Repair.State state, String reason, Instant now) {
    jdbc.sql("update remediation set state = ?, reason = ?, ended_at = ? where id = ?")
        .params(state.name(), reason, utc(now), id)
        .update();
  }

  @Override
  public String lastFor(UUID incident) {
    return jdbc.sql(SELECT + "where r.incident_id = ? order by r.seq desc limit 1")
        .param(incident)
        .query(JdbcRepairs::repair)
        .optional()
        .map(Repair::summary)
        .orElse("");
  }

  @Override
  public List<Repair> list(@Nullable UUID incident, @Nullable Long below, int limit) {
    return jdbc.sql(
            SELECT
                + """
                where (:incident::uuid is null or r.incident_id = :incident)
                  and (:below::bigint is null or r.seq < :below)
                order by r.seq desc limit :limit
                """)
        .param("incident", incident)
        .param("below", below)
        .param("limit", limit)
        .query(JdbcRepairs::repair)
        .list();
  }

  private static Repair repair(ResultSet row, int i) throws SQLException {
    return new Repair(
        row.getObject("id", UUID.class),
        row.getLong("seq"),
        row.getObject("incident_id", UUID.class),
        row.getLong("number"),
        row.getString("playbook"),
        row.getString("action"),
        row.getString("service"),
        row.getString("fingerprint"),
        row.getString("trigger"),
        Repair.State.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getObject("planned_at", OffsetDateTime.class).toInstant(),
        instant(row, "started_at"),
        instant(row, "check_by"),
        instant(row, "ended_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  private static OffsetDateTime utc(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }
}
