package dev.watchtower.ingest.detection.jdbc;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.series.Labels;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The table of what fires. */
public class FiringSignals {
  private static final Logger LOG = LoggerFactory.getLogger(FiringSignals.class);

  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** On that database. */
  public FiringSignals(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * What was firing when it was last written. A row that cannot be read is left out, and said so in
   * the log: the others go on.
   */
  public List<Detected> load() {
    return jdbc
        .sql("select signal::text, labels, fingerprint from firing")
        .query((row, _) -> read(row))
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Detected> read(ResultSet row) throws SQLException {
    try {
      Array labels = row.getArray(2);
      return Optional.of(
          new Detected(
              json.readValue(row.getString(1), Signal.class),
              Labels.of((String[]) labels.getArray())));
    } catch (IllegalArgumentException | NullPointerException | JacksonException e) {
      LOG.atError()
          .addKeyValue("fingerprint", row.getString(3))
          .setCause(e)
          .log("a firing signal cannot be read: it is not known any more");
      return Optional.empty();
    }
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
