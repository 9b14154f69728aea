package dev.watchtower.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.run.Feedback;
import dev.watchtower.analysis.run.jdbc.JdbcAnalyses;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.AnalysisRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
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
            .request(new AnalysisRequest(incident.id(), incident), null, CLOCK.instant());

    assertThat(id).isNotEqualTo(running);
    assertThat(analyses.find(id)).isPresent();
  }

  @Test
  void answersARequestThatIsDeliveredAgainAsTheFirstTime() {
    var incident = Samples.incident("checkout", CLOCK.instant());
    var request = new AnalysisRequest(incident.id(), incident);
    var opened = UUID.randomUUID();
    var relapsed = UUID.randomUUID();
    var first = UUID.randomUUID();
    jdbc.sql(
            """
            insert into analyses (id, incident_id, state, request, due_at, claimed_until, created_at)
            values (?, ?, 'RUNNING', '{}', now(), 'infinity', now())
            """)
        .params(first, incident.id())
        .update();
    assertThat(analyses.request(request, opened, CLOCK.instant())).isEqualTo(first);
    assertThat(analyses.request(request, relapsed, CLOCK.instant())).isEqualTo(first);
    jdbc.sql("update analyses set state = 'DONE', done_at = now() where incident_id = ?")
        .param(incident.id())
        .update();

    assertThat(analyses.request(request, opened, CLOCK.instant())).isEqualTo(first);
    assertThat(analyses.request(request, relapsed, CLOCK.instant())).isEqualTo(first);
    var another = Samples.incident("checkout", CLOCK.instant());
    assertThatThrownBy(() ->
            analyses.request(new AnalysisRequest(another.id(), another), opened, CLOCK.instant()))
        .as("a key of another incident's request")
        .isInstanceOf(Problem.class)
        .hasMessageContaining(incident.id().toString());
    assertThat(analyses.request(request, UUID.randomUUID(), CLOCK.instant())).isNotEqualTo(first);
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

    var id = analyses.request(new AnalysisRequest(incident.id(), incident), null, CLOCK.instant());

    assertThat(id).isEqualTo(second);
    assertThat(
            jdbc.sql("select follow_up from analyses where id = ?")
                .param(second)
                .query(Boolean.class)
                .single())
        .as("else it is given up when the incident is resolved meanwhile")
        .isFalse();
  }

  @Test
  void looksByHandAtTheIncidentsLastChange() {
    var incident = Samples.incident("checkout", CLOCK.instant());
    var changedAt = CLOCK.instant().minusSeconds(60);
    analyses.request(
        new AnalysisRequest(incident.id(), incident, changedAt), null, CLOCK.instant());
    jdbc.sql("update analyses set state = 'DONE', done_at = now() where incident_id = ?")
        .param(incident.id())
        .update();

    var byHand = analyses.request(new AnalysisRequest(incident.id(), null), null, CLOCK.instant());

    assertThat(
            jdbc.sql("select request from analyses where id = ?")
                .param(byHand)
                .query(String.class)
                .single())
        .contains(changedAt.toString());
  }

  @Test
  void removesOnceADayWhatIsLongOver() {
    var now = CLOCK.instant();
    var old = over(now.minus(Duration.ofDays(401)));
    var younger = over(now.minus(Duration.ofDays(398)));
    assertThat(
            analyses.feedback(
                new Feedback(
                    UUID.randomUUID(),
                    old,
                    Feedback.Verdict.WRONG,
                    null,
                    null,
                    Actor.person("ann"),
                    now)))
        .isTrue();
    var waiting = UUID.randomUUID();
    jdbc.sql(
            """
            insert into analyses (id, incident_id, state, request, due_at, claimed_until, created_at)
            values (?, ?, 'RUNNING', '{}', 'infinity', 'infinity', ?)
            """)
        .params(waiting, UUID.randomUUID(), utc(now.minus(Duration.ofDays(500))))
        .update();

    CLOCK.advance(Duration.ofHours(25));

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(analyses.find(old)).isEmpty());
    assertThat(analyses.find(younger)).isPresent();
    assertThat(analyses.find(waiting)).as("is not over").isPresent();
    assertThat(
            jdbc.sql("select count(*) from feedback where analysis_id = ?")
                .param(old)
                .query(Long.class)
                .single())
        .isZero();
  }

  private UUID over(Instant at) {
    var id = UUID.randomUUID();
    jdbc.sql(
            """
            insert into analyses (id, incident_id, state, request, due_at, created_at, done_at)
            values (?, ?, 'DONE', '{}', ?, ?, ?)
            """)
        .params(id, UUID.randomUUID(), utc(at), utc(at), utc(at))
        .update();
    return id;
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
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
