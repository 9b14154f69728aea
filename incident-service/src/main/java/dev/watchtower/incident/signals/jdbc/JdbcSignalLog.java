package dev.watchtower.incident.signals.jdbc;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.signals.Effect;
import dev.watchtower.incident.signals.SignalLog;
import dev.watchtower.incident.signals.SignalPolicy.Seen;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
  public boolean contains(UUID id) {
    return jdbc.sql("select exists (select 1 from signal where id = ?)")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  @Override
  public Optional<Seen> latest(String fingerprint) {
    // At one instant the end counts as the later one, as the policy has it.
    return jdbc.sql(
            """
            select status, at from signal where fingerprint = ?
            order by at desc, status limit 1
            """)
        .param(fingerprint)
        .query((row, i) ->
            new Seen(
                SignalStatus.valueOf(row.getString("status")),
                row.getObject("at", OffsetDateTime.class).toInstant()))
        .optional();
  }

  @Override
  public int changes(String fingerprint, UUID incident, Instant since) {
    return jdbc.sql(
            """
            select count(*) from signal
            where fingerprint = ? and at > ? and incident_id = ? and effect <> 'IGNORED'
            """)
        .params(fingerprint, utc(since), incident)
        .query(Integer.class)
        .single();
  }

  @Override
  public void add(Signal signal, Instant receivedAt, Effect effect, @Nullable UUID incident) {
    jdbc.sql(
            """
            insert into signal (id, fingerprint, kind, status, rule, service, env, severity,
              summary, at, evidence, deliver_by, received_at, effect, reason, incident_id)
            values (:id, :fingerprint, :kind, :status, :rule, :service, :env, :severity,
              :summary, :at, :evidence::jsonb, :deliverBy, :receivedAt, :effect, :reason, :incident)
            """)
        .param("id", signal.id())
        .param("fingerprint", signal.fingerprint())
        .param("kind", signal.kind().name())
        .param("status", signal.status().name())
        .param("rule", signal.rule())
        .param("service", signal.service())
        .param("env", signal.env())
        .param("severity", signal.severity().name())
        .param("summary", signal.summary())
        .param("at", utc(signal.at()))
        .param(
            "evidence",
            signal.evidence() == null ? null : json.writeValueAsString(signal.evidence()))
        .param("deliverBy", signal.deliverBy() == null ? null : utc(signal.deliverBy()))
        .param("receivedAt", utc(receivedAt))
        .param("effect", effect.word())
        .param("reason", effect instanceof Effect.Ignored ignored ? ignored.reason() : null)
        .param("incident", incident)
        .update();
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

  private static OffsetDateTime utc(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }
}
