package dev.watchtower.incident.signals.jdbc;

import static dev.watchtower.incident.jdbc.Columns.texts;
import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.signals.Effect;
import dev.watchtower.incident.signals.SignalLog;
import dev.watchtower.incident.signals.SignalPolicy.Seen;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code signal}. */
public final class JdbcSignalLog implements SignalLog {
  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** Signals in the database behind {@code jdbc}. */
  public JdbcSignalLog(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public Map<UUID, Optional<UUID>> known(Collection<UUID> ids) {
    var known = new HashMap<UUID, Optional<UUID>>();
    jdbc.sql("select id, incident_id from signal where id = any (:ids)")
        .param("ids", ids.toArray(UUID[]::new))
        .query(row -> {
          known.put(
              row.getObject("id", UUID.class),
              Optional.ofNullable(row.getObject("incident_id", UUID.class)));
        });
    return known;
  }

  @Override
  public Map<String, Seen> latest(Collection<String> fingerprints) {
    // At one instant the end counts as the later one, as the policy has it.
    var latest = new HashMap<String, Seen>();
    jdbc.sql(
            """
            select s.* from unnest(:fingerprints) k (fingerprint) cross join lateral (
              select fingerprint, status, at, received_at from signal where fingerprint = k.fingerprint
              order by at desc, status limit 1) s
            """)
        .param("fingerprints", fingerprints.toArray(String[]::new))
        .query(row -> {
          latest.put(
              row.getString("fingerprint"),
              new Seen(
                  SignalStatus.valueOf(row.getString("status")),
                  row.getObject("at", OffsetDateTime.class).toInstant(),
                  row.getObject("received_at", OffsetDateTime.class).toInstant()));
        });
    return latest;
  }

  @Override
  public Map<String, List<Change>> changes(
      Collection<String> fingerprints, Instant since, int most) {
    var changes = new HashMap<String, List<Change>>();
    jdbc.sql(
            """
            select s.* from unnest(:fingerprints) k (fingerprint) cross join lateral (
              select fingerprint, incident_id, at, least(at, received_at) as counted from signal
              where fingerprint = k.fingerprint and at > :since and effect <> 'IGNORED'
                and incident_id is not null
              order by at desc limit :most) s
            """)
        .param("fingerprints", fingerprints.toArray(String[]::new))
        .param("since", utc(since))
        .param("most", most)
        .query(row -> {
          changes
              .computeIfAbsent(row.getString("fingerprint"), k -> new ArrayList<>())
              .add(
                  new Change(
                      row.getObject("incident_id", UUID.class),
                      row.getObject("counted", OffsetDateTime.class).toInstant()));
        });
    return changes;
  }

  @Override
  public void add(List<Line> lines) {
    var signals = lines.stream().map(Line::signal).toList();
    jdbc.sql(
            """
            insert into signal (id, fingerprint, kind, status, rule, service, env, severity,
              summary, at, evidence, deliver_by, received_at, effect, reason, incident_id,
              sender)
            select * from unnest(:id, :fingerprint, :kind, :status, :rule, :service, :env,
              :severity, :summary, cast(:at as timestamptz[]), cast(:evidence as jsonb[]),
              cast(:deliverBy as timestamptz[]), cast(:receivedAt as timestamptz[]), :effect,
              :reason, :incident, :sender)
            """)
        .param("id", signals.stream().map(Signal::id).toArray(UUID[]::new))
        .param("fingerprint", texts(signals, Signal::fingerprint))
        .param("kind", texts(signals, Signal::kind))
        .param("status", texts(signals, Signal::status))
        .param("rule", texts(signals, Signal::rule))
        .param("service", texts(signals, Signal::service))
        .param("env", texts(signals, Signal::env))
        .param("severity", texts(signals, Signal::severity))
        .param("summary", texts(signals, Signal::summary))
        .param("at", texts(signals, Signal::at))
        .param(
            "evidence",
            texts(
                signals, s -> s.evidence() == null ? null : json.writeValueAsString(s.evidence())))
        .param("deliverBy", texts(signals, Signal::deliverBy))
        .param("receivedAt", texts(lines, Line::receivedAt))
        .param("sender", texts(lines, Line::sender))
        .param("effect", texts(lines, line -> line.effect().word()))
        .param("reason", texts(lines, line -> reason(line.effect())))
        .param("incident", lines.stream().map(Line::incident).toArray(UUID[]::new))
        .update();
  }

  private static @Nullable String reason(Effect effect) {
    return effect instanceof Effect.Ignored ignored ? ignored.reason() : null;
  }

  @Override
  public int forget(Instant before, int limit) {
    return jdbc.sql(
            """
            delete from signal where id in
              (select id from signal where received_at < ? order by received_at limit ?)
            """)
        .params(utc(before), limit)
        .update();
  }
}
