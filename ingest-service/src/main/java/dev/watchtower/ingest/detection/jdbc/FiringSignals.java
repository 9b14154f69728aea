package dev.watchtower.ingest.detection.jdbc;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.series.Labels;
import java.sql.Array;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The table of what fires. */
public class FiringSignals {
  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** On that database. */
  public FiringSignals(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** What was firing when it was last written. */
  public List<Detected> load() {
    return jdbc.sql("select signal::text, labels from firing")
        .query((row, _) -> {
          Array labels = row.getArray(2);
          return new Detected(
              json.readValue(row.getString(1), Signal.class),
              Labels.of((String[]) labels.getArray()));
        })
        .list();
  }

  /**
   * Takes a signal.
   *
   * @return false if the table says that already: the signal was written before
   */
  public boolean apply(Detected detected) {
    Signal signal = detected.signal();
    if (signal.status() == SignalStatus.CLEARED) {
      return jdbc.sql("delete from firing where fingerprint = ?")
              .param(signal.fingerprint())
              .update()
          > 0;
    }
    return jdbc.sql(
                """
                insert into firing (fingerprint, signal_id, signal, labels)
                values (?, ?, ?::jsonb, ?)
                on conflict (fingerprint) do update
                set signal_id = excluded.signal_id, signal = excluded.signal
                where firing.signal_id <> excluded.signal_id
                """)
            .params(
                signal.fingerprint(),
                signal.id(),
                json.writeValueAsString(signal),
                pairs(detected.labels()))
            .update()
        > 0;
  }

  /** Whether the database answers. */
  public boolean answers() {
    try {
      jdbc.sql("select 1").query(Integer.class).single();
      return true;
    } catch (org.springframework.dao.DataAccessException e) {
      // That it does not answer is the answer.
      return false;
    }
  }

  private static String[] pairs(Labels labels) {
    String[] pairs = new String[labels.size() * 2];
    int i = 0;
    for (Map.Entry<String, String> label : labels.toMap().entrySet()) {
      pairs[i++] = label.getKey();
      pairs[i++] = label.getValue();
    }
    return pairs;
  }
}
