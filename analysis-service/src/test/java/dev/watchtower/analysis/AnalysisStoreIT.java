package dev.watchtower.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.run.jdbc.JdbcAnalyses;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.wire.AnalysisRequest;
import java.lang.reflect.Proxy;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What two connections do to the store at the same moment. */
class AnalysisStoreIT extends RunningService {
  @Autowired private Analyses analyses;
  @Autowired private Outbox outbox;
  @Autowired private TransactionOperations transaction;

  @Test
  void entersARequestAnewWhenTheOneThatRanEndsMeanwhile() {
    var incident = Samples.incident("checkout", CLOCK.instant());
    var running = UUID.randomUUID();
    jdbc.sql(
            """
            insert into analyses (id, incident_id, state, request, due_at, claimed_until, created_at)
            values (?, ?, 'RUNNING', '{}', now(), 'infinity', now())
            """)
        .params(running, incident.id())
        .update();
    var between =
        onFirst(
            "select id from analyses",
            () ->
                jdbc.sql("update analyses set state = 'DONE', done_at = now() where id = ?")
                    .param(running)
                    .update());

    var id =
        new JdbcAnalyses(between, transaction, outbox, json, "test", "process")
            .request(new AnalysisRequest(incident.id(), incident), CLOCK.instant());

    assertThat(id).isNotEqualTo(running);
    assertThat(analyses.find(id)).isPresent();
  }

  @Test
  void makesTheSecondLookThatSomebodyAsksForOneOfItsOwn() {
    var incident = Samples.incident("checkout", CLOCK.instant());
    var second = UUID.randomUUID();
    jdbc.sql(
            """
            insert into analyses
              (id, incident_id, state, follow_up, request, due_at, claimed_until, created_at)
            values (?, ?, 'SCHEDULED', true, '{}', 'infinity', 'infinity', now())
            """)
        .params(second, incident.id())
        .update();

    var id = analyses.request(new AnalysisRequest(incident.id(), incident), CLOCK.instant());

    assertThat(id).isEqualTo(second);
    assertThat(
            jdbc.sql("select follow_up from analyses where id = ?")
                .param(second)
                .query(Boolean.class)
                .single())
        .as("else it is given up when the incident is resolved meanwhile")
        .isFalse();
  }

  /** The database, where something happens on another connection before the first such query. */
  private JdbcClient onFirst(String query, Runnable happens) {
    var happened = new AtomicBoolean();
    return (JdbcClient)
        Proxy.newProxyInstance(
            JdbcClient.class.getClassLoader(),
            new Class<?>[] {JdbcClient.class},
            (_, method, arguments) -> {
              if (arguments[0].toString().startsWith(query)
                  && happened.compareAndSet(false, true)) {
                CompletableFuture.runAsync(happens).join();
              }
              return method.invoke(jdbc, arguments);
            });
  }
}
