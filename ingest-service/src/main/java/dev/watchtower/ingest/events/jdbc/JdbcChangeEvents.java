package dev.watchtower.ingest.events.jdbc;

import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.events.ReceivedEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code event}. */
@Repository
class JdbcChangeEvents implements ChangeEvents {
  private static final String[] NONE = {};
  private static final String ENDED = "dev.watchtower.chaos.run.ended";

  private final JdbcClient jdbc;
  private final JsonMapper json;

  JdbcChangeEvents(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  @Transactional
  public int add(List<ReceivedEvent> events) {
    var added = 0;
    for (var received : events) {
      var event = received.event();
      added +=
          jdbc.sql(
                  """
                  insert into event (source, id, type, service, env, time, summary, data, run_id,
                                     blind, received_at)
                  values (:source, :id, :type, :service, :env, :time, :summary, :data::jsonb,
                          :runId, :blind, now())
                  on conflict (source, id) do nothing
                  """)
              .param("source", event.source())
              .param("id", event.id())
              .param("type", event.type())
              .param("service", event.service())
              .param("env", event.env())
              .param("time", at(event.time()))
              .param("summary", event.summary())
              .param("data", json.writeValueAsString(event.data()))
              .param("runId", received.runId())
              .param("blind", received.blind())
              .update();
    }
    return added;
  }

  @Override
  public List<ChangeEvent> find(Search search) {
    var after = search.after();
    var kind = search.kind();
    var env = search.env();
    return jdbc.sql(
            """
            select source, id, type, service, env, time, summary, data
            from event e
            where time between :from and :to
              and (:service::text is null or service is null or service = :service)
              and (:env::text is null or env is null or env = :env
                   or (lower(env) = any(:spellings) and env <> all(:otherEnvs)))
              and (not :ofKind or (service is not null and (
                    type = any(:types) or string_to_array(type, '.') && :words::text[])))
              and (not blind or exists (
                    select 1 from event ended
                    where ended.run_id = e.run_id and ended.source = e.source
                      and ended.type = :ended))
              and (not :paged or (time, source, id) < (:afterTime, :afterSource, :afterId))
            order by time desc, source desc, id desc
            limit :limit
            """)
        .param("from", at(search.from()))
        .param("to", at(search.to()))
        .param("service", search.service())
        .param("env", env == null ? null : env.name())
        .param("spellings", env == null ? NONE : env.spellings().toArray(NONE))
        .param("otherEnvs", env == null ? NONE : env.others().toArray(NONE))
        .param("ofKind", kind != null)
        .param("types", kind == null ? NONE : kind.types().toArray(NONE))
        .param("words", kind == null ? NONE : kind.words().toArray(NONE))
        .param("ended", ENDED)
        .param("paged", after != null)
        .param("afterTime", at(after == null ? Instant.EPOCH : after.time()))
        .param("afterSource", after == null ? "" : after.source())
        .param("afterId", after == null ? "" : after.id())
        .param("limit", search.limit())
        .query((row, n) -> event(row))
        .list();
  }

  @Override
  public List<ChangeEvent> byId(String id, @Nullable String source) {
    return jdbc.sql(
            """
            select source, id, type, service, env, time, summary, data
            from event e
            where id = :id and (:source::text is null or source = :source)
              and (not blind or exists (
                    select 1 from event ended
                    where ended.run_id = e.run_id and ended.source = e.source
                      and ended.type = :ended))
            order by time desc, source
            limit 10
            """)
        .param("id", id)
        .param("source", source)
        .param("ended", ENDED)
        .query((row, _) -> event(row))
        .list();
  }

  @Override
  public int deleteBefore(Instant time) {
    return jdbc.sql("delete from event where time < :time").param("time", at(time)).update();
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  @SuppressWarnings("unchecked")
  private ChangeEvent event(ResultSet row) throws SQLException {
    return new ChangeEvent(
        row.getString("id"),
        row.getString("source"),
        row.getString("type"),
        row.getString("service"),
        row.getString("env"),
        row.getObject("time", OffsetDateTime.class).toInstant(),
        row.getString("summary"),
        json.readValue(row.getString("data"), Map.class));
  }
}
