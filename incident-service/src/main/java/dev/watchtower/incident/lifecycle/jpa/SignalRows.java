package dev.watchtower.incident.lifecycle.jpa;

import static dev.watchtower.incident.jdbc.Columns.texts;

import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code incident_signal}: the signals of each incident, in order of arrival. */
final class SignalRows {
  private final JdbcClient jdbc;
  private final JsonMapper json;

  SignalRows(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  Map<UUID, List<IncidentSignal>> of(Collection<UUID> incidents) {
    var signals = new HashMap<UUID, List<IncidentSignal>>();
    if (incidents.isEmpty()) {
      return signals;
    }
    jdbc.sql(
            """
            select * from incident_signal where incident_id = any (:ids)
            order by incident_id, position
            """)
        .param("ids", incidents.toArray(UUID[]::new))
        .query(row -> {
          signals
              .computeIfAbsent(row.getObject("incident_id", UUID.class), k -> new ArrayList<>())
              .add(signal(row));
        });
    return signals;
  }

  /** Stores the signals that differ from {@code before}, and removes those that are gone. */
  void store(UUID incident, List<IncidentSignal> before, List<IncidentSignal> after) {
    var kept = after.stream().map(IncidentSignal::fingerprint).collect(Collectors.toSet());
    var gone =
        before.stream().map(IncidentSignal::fingerprint).filter(f -> !kept.contains(f)).toList();
    if (!gone.isEmpty()) {
      jdbc.sql("delete from incident_signal where incident_id = ? and fingerprint = any (?)")
          .params(incident, gone.toArray(String[]::new))
          .update();
    }
    var positions = new ArrayList<Integer>();
    for (int i = 0; i < after.size(); i++) {
      if (i >= before.size() || !before.get(i).equals(after.get(i))) {
        positions.add(i);
      }
    }
    if (!positions.isEmpty()) {
      put(incident, positions, positions.stream().map(after::get).toList());
    }
  }

  private void put(UUID incident, List<Integer> positions, List<IncidentSignal> signals) {
    jdbc.sql(
            """
            insert into incident_signal (incident_id, fingerprint, position, kind, status, rule,
              service, severity, summary, fired_at, cleared_at, evidence, flapping)
            select cast(:incident as uuid), s.* from unnest(:fingerprint, cast(:position as int[]),
              :kind, :status, :rule, :service, :severity, :summary, cast(:fired as timestamptz[]),
              cast(:cleared as timestamptz[]), cast(:evidence as jsonb[]),
              cast(:flapping as boolean[])) s
            on conflict (incident_id, fingerprint) do update set
              position = excluded.position, kind = excluded.kind, status = excluded.status, rule = excluded.rule,
              severity = excluded.severity, summary = excluded.summary,
              fired_at = excluded.fired_at, cleared_at = excluded.cleared_at,
              evidence = excluded.evidence, flapping = excluded.flapping
            """)
        .param("incident", incident)
        .param("fingerprint", texts(signals, IncidentSignal::fingerprint))
        .param("position", texts(positions, position -> position))
        .param("kind", texts(signals, IncidentSignal::kind))
        .param("status", texts(signals, IncidentSignal::status))
        .param("rule", texts(signals, IncidentSignal::rule))
        .param("service", texts(signals, IncidentSignal::service))
        .param("severity", texts(signals, IncidentSignal::severity))
        .param("summary", texts(signals, IncidentSignal::summary))
        .param("fired", texts(signals, IncidentSignal::firedAt))
        .param("cleared", texts(signals, IncidentSignal::clearedAt))
        .param("flapping", texts(signals, IncidentSignal::flapping))
        .param(
            "evidence",
            texts(
                signals, s -> s.evidence() == null ? null : json.writeValueAsString(s.evidence())))
        .update();
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  private IncidentSignal signal(ResultSet row) throws SQLException {
    var evidence = row.getString("evidence");
    var fired = instant(row, "fired_at");
    if (fired == null) {
      throw new IllegalStateException("fired_at is not null in the schema");
    }
    return new IncidentSignal(
        row.getString("fingerprint"),
        SignalKind.valueOf(row.getString("kind")),
        SignalStatus.valueOf(row.getString("status")),
        row.getString("rule"),
        row.getString("service"),
        Severity.valueOf(row.getString("severity")),
        row.getString("summary"),
        fired,
        instant(row, "cleared_at"),
        evidence == null ? null : json.readValue(evidence, SignalEvidence.class),
        row.getBoolean("flapping"));
  }
}
