package dev.watchtower.incident.measures.jdbc;

import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.measures.Measures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Measures by one query over the incidents. A dismissed incident is one that was resolved without
 * ever being mitigated and not merged into another one: the lifecycle knows no other way.
 */
public final class JdbcMeasures implements Measures {
  /** The most lines; the busiest come first. */
  static final int MAX_LINES = 1000;

  private static final List<String> TIMES = List.of("detect", "acknowledge", "mitigate", "resolve");

  private final JdbcClient jdbc;

  /** Measures from the database behind {@code jdbc}. */
  public JdbcMeasures(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<Line> over(Instant from, Instant to, @Nullable String service, @Nullable String env) {
    var figures = new StringBuilder();
    for (var time : TIMES) {
      figures.append(
          """
          , count(%1$s) as %1$s_count, avg(%1$s) as %1$s_mean,
            percentile_cont(0.5) within group (order by %1$s) as %1$s_p50,
            percentile_cont(0.9) within group (order by %1$s) as %1$s_p90
          """
              .formatted(time));
    }
    return jdbc.sql(
            """
            with opened as (
              select i.service, i.severity, i.began_at, i.opened_at, i.acknowledged_at,
                i.mitigated_at, i.resolved_at,
                i.resolved_at is not null and i.mitigated_at is null and not exists
                  (select 1 from incident_grouping g
                   where g.incident_id = i.id and g.kind = 'MERGED_INTO') as dismissed
              from incident i
              where i.opened_at >= :from and i.opened_at < :to
                and (:service::text is null or i.service = :service)
                and (:env::text is null or i.env = :env)),
            incidents as (
              select service, severity, resolved_at, dismissed,
                extract(epoch from opened_at - began_at)::float8 as detect,
                case when not dismissed
                  then extract(epoch from acknowledged_at - opened_at)::float8 end as acknowledge,
                extract(epoch from mitigated_at - opened_at)::float8 as mitigate,
                case when mitigated_at is not null
                  then extract(epoch from resolved_at - opened_at)::float8 end as resolve
              from opened)
            select service, severity, count(*) as incidents,
              count(*) filter (where resolved_at is null) as unresolved,
              count(*) filter (where dismissed) as dismissed
            %s
            from incidents group by grouping sets ((), (service, severity))
            order by grouping(service) desc, count(*) desc, service, severity limit :limit
            """
                .formatted(figures))
        .param("from", utc(from))
        .param("to", utc(to))
        .param("service", service)
        .param("env", env)
        .param("limit", MAX_LINES)
        .query(JdbcMeasures::line)
        .list();
  }

  private static Line line(ResultSet row, int i) throws SQLException {
    var severity = row.getString("severity");
    long count = row.getLong("incidents");
    long dismissed = row.getLong("dismissed");
    return new Line(
        row.getString("service"),
        severity == null ? null : Severity.valueOf(severity),
        count,
        row.getLong("unresolved"),
        dismissed,
        count == 0 ? null : (double) dismissed / count,
        time(row, "detect"),
        time(row, "acknowledge"),
        time(row, "mitigate"),
        time(row, "resolve"));
  }

  private static Time time(ResultSet row, String name) throws SQLException {
    return new Time(
        row.getLong(name + "_count"),
        row.getObject(name + "_mean", Double.class),
        row.getObject(name + "_p50", Double.class),
        row.getObject(name + "_p90", Double.class));
  }
}
