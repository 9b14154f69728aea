package dev.watchtower.incident.lifecycle.jpa;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.incident.lifecycle.ConcurrentChange;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.Incidents;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/** Incidents in PostgreSQL: the row by JPA under its optimistic lock, the signals beside it. */
public final class JpaIncidents implements Incidents {
  private final IncidentRows rows;
  private final SignalRows signals;
  private final JdbcClient jdbc;
  private final SignalCache cache = new SignalCache();

  JpaIncidents(IncidentRows rows, JdbcClient jdbc, JsonMapper json) {
    this.rows = rows;
    this.signals = new SignalRows(jdbc, json);
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Incident> find(UUID id) {
    return rows.findById(id).map(this::incident);
  }

  @Override
  public Optional<Incident> lock(UUID id) {
    return rows.lockById(id).map(this::incident);
  }

  @Override
  public void lockScope(String scope, String env) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(? || chr(31) || ?, 1)) is null")
        .params(scope, env)
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<Incident> lockUnresolved(
      String env, Collection<String> services, Collection<String> fingerprints, Set<UUID> except) {
    var ids =
        jdbc
            .sql(
                """
                select i.id from incident i
                where i.env = :env and i.service = any (:services) and i.state <> 'RESOLVED'
                union
                select i.id from incident_signal s join incident i on i.id = s.incident_id
                where s.fingerprint = any (:fingerprints) and i.env = :env
                  and i.state <> 'RESOLVED'
                """)
            .param("env", env)
            .param("services", services.toArray(String[]::new))
            .param("fingerprints", fingerprints.toArray(String[]::new))
            .query((row, i) -> row.getObject("id", UUID.class))
            .list()
            .stream()
            .filter(id -> !except.contains(id))
            .toList();
    if (ids.isEmpty()) {
      return List.of();
    }
    // Their signals are read once they are locked: nobody changes them after that.
    return withSignals(rows.lockByIds(ids)).stream()
        .filter(incident -> !incident.isResolved())
        .toList();
  }

  @Override
  public Optional<Incident> lockOpen(String service, String env) {
    return rows.findByServiceAndEnvAndStateNot(service, env, IncidentState.RESOLVED)
        .map(this::incident);
  }

  @Override
  public List<Incident> unresolvedOf(Collection<String> services, String env) {
    if (services.isEmpty()) {
      return List.of();
    }
    var found =
        rows.findByServiceInAndEnvAndStateNotOrderByNumber(services, env, IncidentState.RESOLVED);
    return withSignals(found);
  }

  @Override
  public Incident open(Subject subject, Grade grade, Instant at) {
    var row = new IncidentRow(UUID.randomUUID(), subject, grade, at.truncatedTo(ChronoUnit.MICROS));
    try {
      return rows.saveAndFlush(row).incident(List.of());
    } catch (DataIntegrityViolationException e) {
      throw new ConcurrentChange(e);
    }
  }

  @Override
  public Incident update(Incident before, Incident after) {
    var row =
        rows.findById(after.id())
            .orElseThrow(() -> new IllegalArgumentException("no incident " + after.id()));
    if (row.version() != after.version() || row.version() != before.version()) {
      throw new ConcurrentChange(
          new IllegalStateException(
              "versions %d and %d are not %d any more"
                  .formatted(before.version(), after.version(), row.version())));
    }
    signals.store(after.id(), before.signals(), after.signals());
    row.take(after);
    try {
      var stored = rows.saveAndFlush(row).incident(after.signals());
      keepAfterCommit(stored);
      return stored;
    } catch (ConcurrencyFailureException | DataIntegrityViolationException e) {
      throw new ConcurrentChange(e);
    }
  }

  @Override
  public Optional<UUID> lastResolved(String env, String fingerprint, Instant since) {
    return jdbc.sql(
            """
            select i.id from incident i
            where i.env = ? and i.resolved_at >= ?
              and i.id in (select s.incident_id from incident_signal s where s.fingerprint = ?)
            order by i.resolved_at desc limit 1
            """)
        .params(env, OffsetDateTime.ofInstant(since, ZoneOffset.UTC), fingerprint)
        .query(UUID.class)
        .optional();
  }

  @Override
  public List<Incident> list(Filter filter, int limit) {
    var ids = IncidentQuery.ids(jdbc, filter, limit);
    var found =
        rows.findAllById(ids).stream()
            .collect(Collectors.toMap(IncidentRow::id, Function.identity()));
    return withSignals(ids.stream().map(found::get).filter(Objects::nonNull).toList());
  }

  // Not before: another transaction may yet write this version.
  private void keepAfterCommit(Incident stored) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            if (stored.isResolved()) {
              cache.forget(stored.id());
            } else {
              cache.keep(stored.id(), stored.version(), stored.signals());
            }
          }
        });
  }

  private List<Incident> withSignals(List<IncidentRow> page) {
    var known = new HashMap<UUID, List<IncidentSignal>>();
    for (var row : page) {
      cache.find(row.id(), row.version()).ifPresent(found -> known.put(row.id(), found));
    }
    known.putAll(
        signals.of(
            page.stream().map(IncidentRow::id).filter(id -> !known.containsKey(id)).toList()));
    return page.stream().map(row -> row.incident(known.getOrDefault(row.id(), List.of()))).toList();
  }

  @Override
  public List<UUID> dueForAutoResolve(Instant now, int limit) {
    return rows.dueForAutoResolve(now, Limit.of(limit));
  }

  @Override
  public List<UUID> dueForCalm(Instant now, int limit) {
    return rows.dueForCalm(now, Limit.of(limit));
  }

  private Incident incident(IncidentRow row) {
    return withSignals(List.of(row)).getFirst();
  }
}
