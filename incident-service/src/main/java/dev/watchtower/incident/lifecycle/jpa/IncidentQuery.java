package dev.watchtower.incident.lifecycle.jpa;

import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.lifecycle.Incidents.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lists of incidents as one statement. */
final class IncidentQuery {
  private final List<String> conditions = new ArrayList<>(List.of("true"));
  private final Map<String, Object> values = new HashMap<>();

  private IncidentQuery() {}

  /** The ids of at most {@code limit} incidents that the filter lets through, the newest first. */
  static List<UUID> ids(JdbcClient jdbc, Filter filter, int limit) {
    var query = new IncidentQuery();
    query.narrow(filter);
    query.values.put("limit", limit);
    return jdbc.sql(
            "select i.id from incident i where "
                + String.join(" and ", query.conditions)
                + " order by i.number desc limit :limit")
        .params(query.values)
        .query((row, i) -> row.getObject("id", UUID.class))
        .list();
  }

  private void narrow(Filter filter) {
    if (!filter.states().isEmpty()) {
      add("i.state = any (:states)", "states", names(filter.states()));
    }
    if (!filter.severities().isEmpty()) {
      add("i.severity = any (:severities)", "severities", names(filter.severities()));
    }
    if (filter.service() != null) {
      // A joint incident is about one service and holds signals of others: it is theirs as well.
      add(
          """
          (i.service = :service or exists (
            select 1 from incident_signal s where s.incident_id = i.id and s.service = :service))
          """,
          "service",
          filter.service());
    }
    if (filter.env() != null) {
      add("i.env = :env", "env", filter.env());
    }
    if (filter.from() != null) {
      add("i.opened_at >= :from", "from", utc(filter.from()));
    }
    if (filter.to() != null) {
      add("i.opened_at < :to", "to", utc(filter.to()));
    }
    if (filter.below() != null) {
      add("i.number < :below", "below", filter.below());
    }
  }

  private void add(String condition, String name, Object value) {
    conditions.add(condition);
    values.put(name, value);
  }

  private static String[] names(Iterable<? extends Enum<?>> constants) {
    var names = new ArrayList<String>();
    constants.forEach(constant -> names.add(constant.name()));
    return names.toArray(String[]::new);
  }
}
