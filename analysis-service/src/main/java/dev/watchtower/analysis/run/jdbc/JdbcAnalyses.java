package dev.watchtower.analysis.run.jdbc;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.run.Feedback;
import dev.watchtower.analysis.run.Work;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.AnalysisRequest;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.CauseVerdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** The analyses in the schema {@code analysis}. */
public final class JdbcAnalyses implements Analyses {
  /** Topic of the outbox for results on their way to incident-service. */
  public static final String RESULTS = "analysis-result";

  /** How often a request is entered anew when the analysis that ran ends meanwhile. */
  private static final int TRIES = 3;

  private final JdbcClient sql;
  private final AnsweredRequests answered;
  private final TransactionOperations transaction;
  private final Outbox outbox;
  private final JsonMapper json;
  private final String instance;
  private final String process;

  /**
   * @param instance name of this service's place, the same after a restart
   * @param process name of this process, another after a restart
   */
  public JdbcAnalyses(
      JdbcClient sql,
      TransactionOperations transaction,
      Outbox outbox,
      JsonMapper json,
      String instance,
      String process) {
    this.sql = sql;
    this.answered = new AnsweredRequests(sql);
    this.transaction = transaction;
    this.outbox = outbox;
    this.json = json;
    this.instance = instance;
    this.process = instance + "/" + process;
  }

  @Override
  public UUID request(AnalysisRequest request, @Nullable UUID key, Instant now) {
    return transaction.execute(status -> {
      var answering = answered.by(request.incidentId(), key);
      if (answering.isPresent()) {
        return answering.get();
      }
      var dated = dated(request);
      for (int i = 0; i < TRIES; i++) {
        var entered = entered(dated, now);
        if (entered.isPresent()) {
          answered.keep(key, entered.get());
          return entered.get();
        }
      }
      throw new IllegalStateException("analyses of the incident begin and end all the time");
    });
  }

  /** A person asks for the cause of what the incident has come to be by its last change. */
  private AnalysisRequest dated(AnalysisRequest request) {
    return request.changedAt() != null
        ? request
        : sql.sql(
                """
                select request from analyses
                where incident_id = :incident and request ->> 'changedAt' is not null
                order by created_at desc, id limit 1
                """)
            .param("incident", request.incidentId())
            .query(String.class)
            .optional()
            .map(text -> json.readValue(text, AnalysisRequest.class).changedAt())
            .map(at -> new AnalysisRequest(request.incidentId(), request.incident(), at))
            .orElse(request);
  }

  /** The analysis that will answer; empty if the one that ran ended between two statements. */
  private Optional<UUID> entered(AnalysisRequest request, Instant now) {
    // A second look that somebody asks for is one of its own: also when all is over by then.
    var brought =
        sql.sql(
                """
                update analyses set state = 'RUNNING', follow_up = false, due_at = :now,
                  request = cast(:request as jsonb)
                where incident_id = :incident and state = 'SCHEDULED'
                  and not exists (select from analyses where incident_id = :incident and state = 'RUNNING')
                returning id
                """)
            .param("now", utc(now))
            .param("request", json.writeValueAsString(request))
            .param("incident", request.incidentId())
            .query(UUID.class)
            .optional();
    if (brought.isPresent()) {
      return brought;
    }
    var id = UUID.randomUUID();
    if (insert(id, request, "RUNNING", false, now, now)) {
      return Optional.of(id);
    }
    var running =
        sql.sql("select id from analyses where incident_id = :incident and state = 'RUNNING'")
            .param("incident", request.incidentId())
            .query(UUID.class)
            .optional();
    if (running.isPresent() && isAboutAnother(running.get(), request)) {
      // The one that runs looks at the incident as it was: look again as soon as it is done.
      insert(UUID.randomUUID(), request, "SCHEDULED", true, now, now);
    }
    return running;
  }

  /**
   * Whether the incident has come to be about another service since that analysis was asked for.
   */
  private boolean isAboutAnother(UUID running, AnalysisRequest request) {
    return request.incident() != null
        && sql.sql(
                """
                select request -> 'incident' ->> 'service' is distinct from :service
                from analyses where id = :id
                """)
            .param("service", request.incident().service())
            .param("id", running)
            .query(Boolean.class)
            .optional()
            .orElse(false);
  }

  /** Whether there was none in its way. */
  private boolean insert(
      UUID id, AnalysisRequest request, String state, boolean followUp, Instant due, Instant now) {
    return sql.sql(
                """
                insert into analyses (id, incident_id, state, follow_up, request, due_at, created_at)
                values (:id, :incident, :state, :followUp, cast(:request as jsonb), :due, :now)
                on conflict do nothing
                """)
            .param("id", id)
            .param("incident", request.incidentId())
            .param("state", state)
            .param("followUp", followUp)
            .param("request", json.writeValueAsString(request))
            .param("due", utc(due))
            .param("now", utc(now))
            .update()
        == 1;
  }

  @Override
  public Optional<Work> claim(UUID id, Instant now, Instant until) {
    // A second look whose incident is being analysed again anyway waits for that one to end.
    return sql.sql(
            """
            update analyses a
            set state = 'RUNNING', claimed_by = :process, claimed_until = :until, attempt = attempt + 1
            where id = :id and state in ('SCHEDULED', 'RUNNING') and due_at <= :now
              and (claimed_until is null or claimed_until < :now)
              and not exists (select from analyses b
                              where b.incident_id = a.incident_id and b.state = 'RUNNING' and b.id <> a.id)
            returning id, request, follow_up, attempt, created_at
            """)
        .param("process", process)
        .param("until", utc(until))
        .param("id", id)
        .param("now", utc(now))
        .query((row, n) ->
            new Work(
                row.getObject("id", UUID.class),
                json.readValue(row.getString("request"), AnalysisRequest.class),
                row.getBoolean("follow_up"),
                row.getInt("attempt"),
                instant(row, "created_at")))
        .optional();
  }

  @Override
  public List<UUID> due(Instant now, int most) {
    return sql.sql(
            """
            select id from analyses
            where state in ('SCHEDULED', 'RUNNING') and due_at <= :now
              and (claimed_until is null or claimed_until < :now)
            order by due_at limit :most
            """)
        .param("now", utc(now))
        .param("most", most)
        .query((row, n) -> row.getObject("id", UUID.class))
        .list();
  }

  @Override
  public void releaseOrphans() {
    sql.sql(
            """
            update analyses set claimed_by = null, claimed_until = null
            where state = 'RUNNING' and claimed_by like :mine and claimed_by <> :process
            """)
        .param("mine", instance + "/%")
        .param("process", process)
        .update();
  }

  @Override
  public void finish(AnalysisView view, @Nullable Instant secondLook, Instant now) {
    transaction.executeWithoutResult(status -> {
      var request = end(view.id(), "DONE", view, now);
      // Ended by somebody else meanwhile: that result has been told.
      request.ifPresent(asked -> {
        outbox.append(view.incidentId().toString(), RESULTS, view);
        if (secondLook != null) {
          insert(UUID.randomUUID(), asked, "SCHEDULED", true, secondLook, now);
        }
      });
    });
  }

  @Override
  public void abandon(UUID id, AnalysisView view, Instant now) {
    transaction.executeWithoutResult(status -> end(id, "FAILED", view, now));
  }

  private Optional<AnalysisRequest> end(UUID id, String state, AnalysisView view, Instant now) {
    return sql.sql(
            """
            update analyses
            set state = :state, view = cast(:view as jsonb), done_at = :now, claimed_by = null, claimed_until = null
            where id = :id and state = 'RUNNING' and claimed_by = :process
            returning request
            """)
        .param("state", state)
        .param("view", json.writeValueAsString(view))
        .param("now", utc(now))
        .param("id", id)
        .param("process", process)
        .query(String.class)
        .optional()
        .map(text -> json.readValue(text, AnalysisRequest.class));
  }

  @Override
  public void postpone(UUID id, Instant now, Duration delay) {
    sql.sql(
            """
            update analyses set due_at = :due, claimed_by = null, claimed_until = null
            where id = :id and state = 'RUNNING' and claimed_by = :process
            """)
        .param("due", utc(now.plus(delay)))
        .param("id", id)
        .param("process", process)
        .update();
  }

  @Override
  public Optional<AnalysisView> find(UUID id) {
    return sql.sql("select * from analyses where id = :id")
        .param("id", id)
        .query((row, n) -> view(row))
        .optional();
  }

  @Override
  public List<AnalysisView> ofIncident(UUID incident, int most) {
    return sql.sql(
            """
            select * from analyses where incident_id = :incident and state <> 'SCHEDULED'
            order by created_at desc, id limit :most
            """)
        .param("incident", incident)
        .param("most", most)
        .query((row, n) -> view(row))
        .list();
  }

  private AnalysisView view(ResultSet row) throws SQLException {
    var stored = row.getString("view");
    if (stored != null) {
      return json.readValue(stored, AnalysisView.class);
    }
    return new AnalysisView(
        row.getObject("id", UUID.class),
        row.getObject("incident_id", UUID.class),
        AnalysisView.Status.RUNNING,
        AnalysisView.Source.STATISTICAL,
        null,
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        null,
        0,
        0,
        instant(row, "created_at"));
  }

  @Override
  public int remove(Instant before, int most) {
    return sql.sql(
            """
            delete from analyses where id in
              (select id from analyses where done_at < :before order by done_at limit :most)
            """)
        .param("before", utc(before))
        .param("most", most)
        .update();
  }

  @Override
  public boolean feedback(Feedback feedback) {
    return sql.sql(
                """
                insert into feedback (id, analysis_id, verdict, rank, comment, actor, created_at)
                select :id, a.id, :verdict, :rank, :comment, cast(:actor as jsonb), :now
                from analyses a where a.id = :analysis
                """)
            .param("id", feedback.id())
            .param("verdict", feedback.verdict().name())
            .param("rank", feedback.rank(), java.sql.Types.INTEGER)
            .param("comment", feedback.comment(), java.sql.Types.VARCHAR)
            .param("actor", json.writeValueAsString(feedback.actor()))
            .param("now", utc(feedback.createdAt()))
            .param("analysis", feedback.analysisId())
            .update()
        == 1;
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  @Override
  public List<CauseVerdict> verdicts(UUID incident, int most) {
    var newestFirst =
        sql.sql(
                """
                select f.analysis_id, f.verdict, f.rank, f.comment, f.actor, f.created_at, a.view
                from feedback f join analyses a on a.id = f.analysis_id
                where a.incident_id = :incident
                order by f.created_at desc, f.id limit :most
                """)
            .param("incident", incident)
            .param("most", most)
            .query((row, n) -> verdict(row))
            .list();
    return newestFirst.reversed();
  }

  private CauseVerdict verdict(ResultSet row) throws SQLException {
    var rank = row.getObject("rank", Integer.class);
    var stored = row.getString("view");
    var statement =
        rank == null || stored == null
            ? null
            : json.readValue(stored, AnalysisView.class).hypotheses().stream()
                .filter(h -> h.rank() == rank)
                .map(AnalysisView.Hypothesis::statement)
                .findFirst()
                .orElse(null);
    return new CauseVerdict(
        row.getObject("analysis_id", UUID.class),
        CauseVerdict.Verdict.valueOf(row.getString("verdict")),
        rank,
        statement,
        row.getString("comment"),
        json.readValue(row.getString("actor"), Actor.class),
        instant(row, "created_at"));
  }
}
