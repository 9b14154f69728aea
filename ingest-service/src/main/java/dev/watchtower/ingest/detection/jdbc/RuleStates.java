package dev.watchtower.ingest.detection.jdbc;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.detection.RememberedChanges;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table of what rules remember. Thread-safe. */
public class RuleStates {
  private static final Logger LOG = LoggerFactory.getLogger(RuleStates.class);
  private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

  /** A row as JSON; the names are those of the columns. */
  private record Row(
      String fingerprint,
      String what,
      String kind,
      String severity,
      String rule,
      String service,
      String env,
      Map<String, String> labels,
      long since,
      long last_seen) {
    static Row of(Remembered one) {
      return new Row(
          one.id().fingerprint(),
          one.what().name(),
          one.kind().name(),
          one.severity().name(),
          one.rule(),
          one.key().service(),
          one.key().env(),
          one.labels().toMap(),
          one.since(),
          one.last());
    }
  }

  private record Gone(String fingerprint, String what) {}

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final JsonMapper json;

  /**
   * On that database.
   *
   * @param transaction such that a process that was replaced writes nothing
   */
  public RuleStates(JdbcClient jdbc, TransactionOperations transaction, JsonMapper json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.json = json;
  }

  /** What is saved. A row that cannot be read is left out, and said so in the log. */
  public List<Remembered> load() {
    return jdbc
        .sql(
            "select fingerprint, what, kind, severity, rule, service, env, labels::text, since,"
                + " last_seen from rule_state")
        .query((row, _) -> read(row))
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Remembered> read(ResultSet row) throws SQLException {
    try {
      return Optional.of(
          new Remembered(
              Remembered.What.valueOf(row.getString("what")),
              row.getString("rule"),
              new ServiceKey(row.getString("service"), row.getString("env")),
              Labels.of(json.readValue(row.getString("labels"), LABELS)),
              SignalKind.valueOf(row.getString("kind")),
              Severity.valueOf(row.getString("severity")),
              row.getLong("since"),
              row.getLong("last_seen")));
    } catch (IllegalArgumentException | JacksonException e) {
      LOG.atError()
          .addKeyValue("fingerprint", row.getString("fingerprint"))
          .setCause(e)
          .log("what a rule remembers of a subject cannot be read: it begins anew");
      return Optional.empty();
    }
  }

  /** Writes changes, all or none. What PostgreSQL cannot store, a NUL in a label, is left out. */
  public void save(RememberedChanges changes) {
    List<Row> put = new ArrayList<>();
    changes.put().stream().filter(one -> isStorable(one.labels())).map(Row::of).forEach(put::add);
    List<Gone> gone =
        changes.gone().stream().map(id -> new Gone(id.fingerprint(), id.what().name())).toList();
    transaction.executeWithoutResult(_ -> {
      if (!gone.isEmpty()) {
        jdbc.sql(
                """
                delete from rule_state
                using jsonb_to_recordset(?::jsonb) as gone (fingerprint text, what text)
                where rule_state.fingerprint = gone.fingerprint and rule_state.what = gone.what
                """)
            .param(json.writeValueAsString(gone))
            .update();
      }
      if (!put.isEmpty()) {
        jdbc.sql(
                """
                insert into rule_state
                select * from jsonb_to_recordset(?::jsonb) as put (
                  fingerprint text, what text, kind text, severity text, rule text, service text,
                  env text, labels jsonb, since bigint, last_seen bigint)
                on conflict (fingerprint, what) do update
                set kind = excluded.kind, severity = excluded.severity, since = excluded.since,
                  last_seen = excluded.last_seen
                """)
            .param(json.writeValueAsString(put))
            .update();
      }
    });
  }

  private static boolean isStorable(Labels labels) {
    return labels.toMap().entrySet().stream()
        .allMatch(label -> isStorable(label.getKey()) && isStorable(label.getValue()));
  }

  static boolean isStorable(String text) {
    return text.codePoints()
        .allMatch(c -> c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE));
  }
}
