package dev.watchtower.incident.remediation.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.instantOrNull;
import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.common.catalog.Remediation.Expectation;
import dev.watchtower.incident.remediation.Repair;
import dev.watchtower.incident.remediation.Repairs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code remediation}. */
public final class JdbcRepairs implements Repairs {
  private static final String SELECT =
      "select r.*, i.number from remediation r join incident i on i.id = r.incident_id ";

  private final JdbcClient jdbc;

  // A process is one, whatever service and environment the signals are of.
  private static final String SAME_TARGET =
      """
      ((service = :service and env = :env)
       or (:process and action in ('restart', 'command') and target = :target))
      """;

  /** Repairs in the database behind {@code jdbc}. */
  public JdbcRepairs(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public boolean plan(Plan plan, Instant now) {
    var order = plan.order();
    var expected = order.expected();
    return jdbc.sql(
                """
                insert into remediation
                  (id, incident_id, env, playbook, action, command, service, target, fingerprint,
                   trigger, dry_run, risky, expect_signal, expect_comparison, expect_value,
                   expect_millis, state, planned_at)
                select :id, :incident, env, :playbook, :action, :command, :service, :target,
                       :fingerprint, :trigger, :dry, :risky, :signal, :comparison, :value, :millis,
                       'PLANNED', :now from incident where id = :incident and not exists (
                  select 1 from remediation where incident_id = :incident
                    and playbook = :playbook and service = :service
                    and state in ('PLANNED', 'AWAITING_APPROVAL', 'RUNNING', 'CHECKING'))
                """)
            .param("id", UUID.randomUUID())
            .param("incident", plan.incident())
            .param("playbook", order.playbook())
            .param("action", order.action())
            .param("command", order.command())
            .param("service", order.service())
            .param("target", order.target())
            .param("fingerprint", order.fingerprint())
            .param("trigger", order.trigger())
            .param("dry", order.dryRun())
            .param("risky", order.risky())
            .param("signal", expected == null ? null : expected.signal())
            .param("comparison", expected == null ? null : expected.comparison())
            .param("value", expected == null ? null : expected.value())
            .param("millis", plan.within() == null ? null : plan.within().toMillis())
            .param("now", utc(now))
            .update()
        > 0;
  }

  @Override
  public List<Repair> next() {
    return jdbc.sql(
            """
            select * from (
              select distinct on (r.service) r.*, i.number
              from remediation r join incident i on i.id = r.incident_id
              where r.state = 'PLANNED' order by r.service, r.seq) oldest
            order by seq limit 100
            """)
        .query(JdbcRepairs::repair)
        .list();
  }

  @Override
  public void askedBy(UUID id, String fingerprint, String trigger) {
    jdbc.sql("update remediation set fingerprint = ?, trigger = ? where id = ?")
        .params(fingerprint, trigger, id)
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
  public List<Repair> toUndo() {
    return jdbc.sql(SELECT + "where r.undo_state = 'RUNNING' order by r.seq limit 100")
        .query(JdbcRepairs::repair)
        .list();
  }

  @Override
  public void lockTarget(Repair repair) {
    // Sorted, so that nobody waits for who waits for them.
    Stream.of(repair.order().service(), repair.order().target())
        .distinct()
        .sorted()
        .forEach(name ->
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 2)) is null")
                .param(name)
                .query(Boolean.class)
                .single());
  }

  @Override
  public Optional<Repair> await(UUID id) {
    return jdbc.sql(SELECT + "where r.id = ? for update of r")
        .param(id)
        .query(JdbcRepairs::repair)
        .optional();
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
  public List<Start> starts(Repair repair, Instant since) {
    return onTarget(
            "select playbook, started_at from remediation where started_at >= :since and "
                + SAME_TARGET,
            repair)
        .param("since", utc(since))
        .query((row, i) -> new Start(row.getString("playbook"), instant(row, "started_at")))
        .list();
  }

  @Override
  public Map<String, Instant> plannedFor(
      String playbook, String service, String env, Instant since) {
    var planned = new HashMap<String, Instant>();
    jdbc.sql(
            """
            select r.fingerprint, max(r.planned_at) as planned_at
            from remediation r
            where r.service = ? and r.playbook = ? and r.env = ? and r.planned_at >= ?
              and r.state <> 'SKIPPED'
            group by r.fingerprint
            """)
        .params(service, playbook, env, utc(since))
        .query(row -> {
          planned.put(row.getString("fingerprint"), instant(row, "planned_at"));
        });
    return planned;
  }

  @Override
  public boolean isBusy(Repair repair) {
    return onTarget(
            """
            select exists (select 1 from remediation
                           where (state in ('RUNNING', 'CHECKING') or undo_state = 'RUNNING')
                             and %s)
            """
                .formatted(SAME_TARGET),
            repair)
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean isAwaited(Repair repair) {
    return onTarget(
            """
            select exists (select 1 from remediation
                           where playbook = :playbook and state = 'AWAITING_APPROVAL'
                             and service = :service and target = :target and (env = :env or :process))
            """,
            repair)
        .param("playbook", repair.order().playbook())
        .query(Boolean.class)
        .single();
  }

  private JdbcClient.StatementSpec onTarget(String sql, Repair repair) {
    return jdbc.sql(sql)
        .param("service", repair.order().service())
        .param("target", repair.order().target())
        .param("env", repair.env())
        .param("process", repair.order().actsOnAProcess());
  }

  @Override
  public void ask(UUID id, Instant approveBy) {
    jdbc.sql("update remediation set state = 'AWAITING_APPROVAL', approve_by = ? where id = ?")
        .params(utc(approveBy), id)
        .update();
  }

  @Override
  public void approve(UUID id, String person) {
    jdbc.sql("update remediation set state = 'PLANNED', decided_by = ? where id = ?")
        .params(person, id)
        .update();
  }

  @Override
  public void rejectedBy(UUID id, String person) {
    jdbc.sql("update remediation set decided_by = ? where id = ?").params(person, id).update();
  }

  @Override
  public void start(
      UUID id, @Nullable Double before, @Nullable String wayBack, Instant now, Instant checkBy) {
    jdbc.sql(
            """
            update remediation set state = 'RUNNING', value_before = :before, way_back = :back,
                                   started_at = :now, check_by = :by where id = :id
            """)
        .param("before", before)
        .param("back", wayBack)
        .param("now", utc(now))
        .param("by", utc(checkBy))
        .param("id", id)
        .update();
  }

  @Override
  public Optional<String> wayBack(UUID id) {
    return jdbc.sql("select way_back from remediation where id = ? and way_back is not null")
        .param(id)
        .query(String.class)
        .optional();
  }

  @Override
  public boolean check(UUID id, String outcome, Instant checkBy) {
    return jdbc.sql(
                """
                update remediation set state = 'CHECKING', outcome = ?, check_by = ?
                where id = ? and state = 'RUNNING'
                """)
            .params(outcome, utc(checkBy), id)
            .update()
        > 0;
  }

  @Override
  public void end(UUID id, End end, Instant now) {
    jdbc.sql(
            """
            update remediation set state = :state, effect = :effect, reason = :reason,
                                   value_after = :after, undo_state = :undo, ended_at = :now
            where id = :id
            """)
        .param("state", end.state().name())
        .param("effect", end.effect().name())
        .param("reason", end.reason())
        .param("after", end.after())
        .param("undo", end.undo() ? "RUNNING" : null)
        .param("now", utc(now))
        .param("id", id)
        .update();
  }

  @Override
  public void move(Collection<String> fingerprints, UUID from, UUID to) {
    jdbc.sql(
            """
            update remediation set incident_id = :to
            where incident_id = :from and fingerprint = any (:fingerprints)
              and (state in ('PLANNED', 'AWAITING_APPROVAL', 'RUNNING', 'CHECKING')
                   or undo_state = 'RUNNING')
            """)
        .param("to", to)
        .param("from", from)
        .param("fingerprints", fingerprints.toArray(String[]::new))
        .update();
  }

  @Override
  public void undone(UUID id, boolean done, String outcome) {
    jdbc.sql("update remediation set undo_state = ?, undo_outcome = ? where id = ?")
        .params(done ? "DONE" : "FAILED", outcome, id)
        .update();
  }

  @Override
  public String lastFor(UUID incident) {
    return jdbc.sql(
            SELECT
                + """
                left join incident_signal s on s.incident_id = i.id
                  and s.fingerprint = r.fingerprint and s.status = 'FIRING'
                where i.id = ?
                order by case when r.state = 'SKIPPED' then s.fired_at
                              else coalesce(r.ended_at, 'infinity') end desc nulls last,
                  r.state = 'SKIPPED', r.seq desc limit 1
                """)
        .param(incident)
        .query(JdbcRepairs::repair)
        .optional()
        .map(Repair::summary)
        .orElse("");
  }

  @Override
  public List<Repair> list(
      @Nullable UUID incident, Repair.@Nullable State state, @Nullable Long below, int limit) {
    return jdbc.sql(
            SELECT
                + """
                where (:incident::uuid is null or r.incident_id = :incident)
                  and (:state::text is null or r.state = :state)
                  and (:below::bigint is null or r.seq < :below)
                order by r.seq desc limit :limit
                """)
        .param("incident", incident)
        .param("state", state == null ? null : state.name())
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
        row.getString("env"),
        order(row),
        Repair.State.valueOf(row.getString("state")),
        row.getString("reason"),
        new Repair.Times(
            instant(row, "planned_at"),
            instantOrNull(row, "approve_by"),
            instantOrNull(row, "started_at"),
            instantOrNull(row, "check_by"),
            instantOrNull(row, "ended_at")),
        result(row));
  }

  private static Repair.Order order(ResultSet row) throws SQLException {
    var signal = row.getString("expect_signal");
    return new Repair.Order(
        row.getString("playbook"),
        row.getString("action"),
        row.getString("command"),
        row.getString("service"),
        row.getString("target"),
        row.getString("fingerprint"),
        row.getString("trigger"),
        row.getBoolean("dry_run"),
        row.getBoolean("risky"),
        signal == null
            ? null
            : Repair.Expected.of(
                new Expectation(
                    signal,
                    row.getString("expect_comparison"),
                    row.getDouble("expect_value"),
                    Duration.ofMillis(row.getLong("expect_millis")))));
  }

  private static Repair.Result result(ResultSet row) throws SQLException {
    var undo = row.getString("undo_state");
    return new Repair.Result(
        row.getObject("value_before", Double.class),
        row.getObject("value_after", Double.class),
        Repair.Effect.valueOf(row.getString("effect")),
        row.getString("outcome"),
        row.getString("decided_by"),
        undo == null ? null : new Repair.Undo(undo, row.getString("undo_outcome")));
  }
}
