package dev.watchtower.chaos.run.jdbc;

import dev.watchtower.chaos.run.Run;
import dev.watchtower.chaos.run.Runs;
import dev.watchtower.common.outbox.Outbox;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs in PostgreSQL; the change events that tell of them leave through the outbox of the same
 * transaction.
 */
public final class JdbcRuns implements Runs {
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final Outbox outbox;
  private final JsonMapper json;

  /** Keeps runs by {@code jdbc}. */
  public JdbcRuns(
      JdbcClient jdbc, TransactionTemplate transactions, Outbox outbox, JsonMapper json) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.outbox = outbox;
    this.json = json;
  }

  @Override
  public boolean add(Run run) {
    try {
      transactions.executeWithoutResult(status -> {
        jdbc.sql(
                """
                insert into runs (id, state, target, env, started_at, run)
                values (:id, :state, :target, :env, :startedAt, cast(:run as jsonb))
                """)
            .param("id", run.id())
            .param("state", run.state().name())
            .param("target", run.service())
            .param("env", run.env())
            .param("startedAt", Timestamp.from(run.startedAt()))
            .param("run", json.writeValueAsString(run))
            .update();
        outbox.append(run.id().toString(), RunEvents.TOPIC, RunEvents.started(run));
      });
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  @Override
  public void update(Run run) {
    transactions.executeWithoutResult(status -> {
      var before =
          jdbc.sql("select run from runs where id = :id for update")
              .param("id", run.id())
              .query((row, n) -> read(row.getString("run")))
              .single();
      if (!before.isActive()) {
        return;
      }
      jdbc.sql("update runs set state = :state, run = cast(:run as jsonb) where id = :id")
          .param("id", run.id())
          .param("state", run.state().name())
          .param("run", json.writeValueAsString(run))
          .update();
      if (!run.isActive()) {
        outbox.append(run.id().toString(), RunEvents.TOPIC, RunEvents.ended(run));
      }
    });
  }

  @Override
  public Optional<Run> find(UUID id) {
    return jdbc.sql("select run from runs where id = :id")
        .param("id", id)
        .query((row, n) -> read(row.getString("run")))
        .optional();
  }

  @Override
  public List<Run> newest(int limit) {
    return jdbc.sql("select run from runs order by started_at desc, id limit :limit")
        .param("limit", limit)
        .query((row, n) -> read(row.getString("run")))
        .list();
  }

  @Override
  public int remove(Instant before, int most) {
    return jdbc.sql(
            """
            delete from runs where id in
              (select id from runs
               where started_at < :before and state not in ('STARTING', 'RUNNING', 'STOPPING')
               order by started_at limit :most)
            """)
        .param("before", Timestamp.from(before))
        .param("most", most)
        .update();
  }

  @Override
  public List<Run> active() {
    return jdbc.sql("select run from runs where state in ('STARTING', 'RUNNING', 'STOPPING')")
        .query((row, n) -> read(row.getString("run")))
        .list();
  }

  private Run read(String document) {
    return json.readValue(document, Run.class);
  }
}
