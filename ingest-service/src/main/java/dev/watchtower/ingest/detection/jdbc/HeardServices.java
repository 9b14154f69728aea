package dev.watchtower.ingest.detection.jdbc;

import dev.watchtower.ingest.golden.LastHeard;
import dev.watchtower.ingest.golden.ServiceKey;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** The table of when services were last heard. Thread-safe. */
public class HeardServices {
  /** A row as JSON; the names are those of the columns. */
  private record Row(
      String service, String env, long event_millis, long arrived_millis, long sent_millis) {
    static Row of(LastHeard one) {
      return new Row(one.key().service(), one.key().env(), one.event(), one.arrived(), one.sent());
    }
  }

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final JsonMapper json;

  /**
   * On that database.
   *
   * @param transaction such that a process that was replaced writes nothing
   */
  public HeardServices(JdbcClient jdbc, TransactionOperations transaction, JsonMapper json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.json = json;
  }

  /** What is saved. */
  public List<LastHeard> load() {
    return jdbc.sql(
            "select service, env, event_millis, arrived_millis, sent_millis from service_heard")
        .query((row, _) ->
            new LastHeard(
                new ServiceKey(row.getString(1), row.getString(2)),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5)))
        .list();
  }

  /** Writes what is another, and removes who is gone, all or none. */
  public void save(Collection<LastHeard> put, Collection<ServiceKey> gone) {
    transaction.executeWithoutResult(_ -> {
      if (!gone.isEmpty()) {
        jdbc.sql(
                """
                delete from service_heard
                using jsonb_to_recordset(?::jsonb) as gone (service text, env text)
                where service_heard.service = gone.service and service_heard.env = gone.env
                """)
            .param(json.writeValueAsString(gone))
            .update();
      }
      if (!put.isEmpty()) {
        jdbc.sql(
                """
                insert into service_heard
                select * from jsonb_to_recordset(?::jsonb) as put (
                  service text, env text, event_millis bigint, arrived_millis bigint,
                  sent_millis bigint)
                on conflict (service, env) do update
                set event_millis = excluded.event_millis,
                  arrived_millis = excluded.arrived_millis, sent_millis = excluded.sent_millis
                """)
            .param(json.writeValueAsString(put.stream().map(Row::of).toList()))
            .update();
      }
    });
  }
}
