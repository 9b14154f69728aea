package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.JsonNode;

/** Two processes on one database: whatever is due is done once. */
class TwoReplicasIT extends RunningService {
  @Autowired private Environment environment;
  private ConfigurableApplicationContext second;

  @BeforeEach
  void startTheSecond() {
    Map<String, Object> properties =
        Map.ofEntries(
            same("spring.datasource.url"),
            same("spring.datasource.username"),
            same("spring.datasource.password"),
            same("watchtower.data-dir"),
            same("watchtower.catalog"),
            same("watchtower.peers.supervisor"),
            same("watchtower.peers.analysis"),
            same("watchtower.peers.ingest"),
            same("watchtower.public-url"),
            Map.entry("watchtower.incident.tick", "50ms"),
            Map.entry("server.port", "0"));
    second =
        new SpringApplicationBuilder(IncidentServiceApplication.class)
            .initializers(context -> {
              context
                  .getEnvironment()
                  .getPropertySources()
                  .addFirst(new MapPropertySource("second", properties));
              ((GenericApplicationContext) context)
                  .registerBean(
                      "sameClock", Clock.class, () -> CLOCK, bean -> bean.setPrimary(true));
            })
            .run();
    soon().until(() -> other().get("/health/readiness").status() == 200);
  }

  private Map.Entry<String, Object> same(String name) {
    return Map.entry(name, environment.getRequiredProperty(name));
  }

  @AfterEach
  void stopTheSecond() {
    second.close();
  }

  private Api other() {
    return new Api(
            "http://127.0.0.1:" + second.getEnvironment().getProperty("local.server.port"),
            () ->
                KEYS.token("monitor", "user:bob", "*", CLOCK.instant(), Scope.READ, Scope.RESPOND))
        .signalling(RunningService::tokenOf);
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
  }

  /** Does the same at both at once. */
  private List<Api.Answer> both(Function<Api, Api.Answer> what)
      throws InterruptedException, ExecutionException {
    var work = new ArrayList<Callable<Api.Answer>>();
    for (var api : List.of(responder(), other())) {
      work.add(() -> what.apply(api));
    }
    try (var executor = Executors.newFixedThreadPool(2)) {
      var answers = new ArrayList<Api.Answer>();
      for (var answer : executor.invokeAll(work)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  private List<JsonNode> timeline(String id) {
    return responder()
        .get("/api/v1/incidents/" + id + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  private List<String> of(String id, String kind) {
    return timeline(id).stream()
        .filter(e -> e.path("kind").asString().equals(kind))
        .map(e -> e.path("summary").asString())
        .toList();
  }

  private String state(String id) {
    return responder().get("/api/v1/incidents/" + id).text("state");
  }

  @Test
  void whatIsDueIsDoneOnceWhoeverDoesIt() throws InterruptedException, ExecutionException {
    advance(Duration.ofHours(3));
    SUPERVISOR.behave(r -> r.method().equals("POST") ? new Reply(202, "{}") : new Reply(200, "[]"));
    int restarts = SUPERVISOR.requests().size();
    var incidents = new ArrayList<String>();
    for (int i = 0; i < 6; i++) {
      incidents.add(openOnce(freshService(), SignalKind.THRESHOLD));
    }
    dismissWhatOthersLeft("inventory");
    var repaired = openOnce("inventory", SignalKind.SERVICE_DOWN);
    incidents.add(repaired);
    var escalated = openOnce("esc-8", SignalKind.THRESHOLD);

    soon()
        .until(() ->
            SUPERVISOR.requests().stream()
                    .skip(restarts)
                    .filter(r -> r.method().equals("POST") && r.path().contains("/inventory/"))
                    .count()
                == 1);
    for (var id : incidents) {
      clear(id);
      assertThat(state(id)).isEqualTo("MITIGATED");
    }
    advance(Duration.ofMinutes(5).plusSeconds(1));
    // Its effect is judged when its time is over, though the signal cleared.
    soon().until(() -> of(repaired, "REMEDIATION").size() >= 2);
    soon().until(() -> of(escalated, "ESCALATION").size() == 1);
    advance(Duration.ofMinutes(10));

    soon().until(() -> incidents.stream().allMatch(id -> state(id).equals("RESOLVED")));
    soon().until(() -> incidents.stream().allMatch(this::hasPostmortem));
    soon()
        .until(() ->
            jdbc.sql("select count(*) from notification where state in ('WAITING', 'SENDING')")
                    .query(Long.class)
                    .single()
                == 0);
    for (var id : incidents) {
      assertThat(of(id, "SIGNAL_FIRED")).hasSize(1);
      assertThat(of(id, "STATE_CHANGED")).hasSize(2);
      assertThat(of(id, "STATE_CHANGED").getLast()).startsWith("RESOLVE: MITIGATED → RESOLVED");
      assertThat(of(id, "ANNOTATION").stream().filter(s -> s.startsWith("Postmortem drafted")))
          .hasSize(1);
      assertThat(DISCORD.messagesWith(id)).hasSize(2);
      assertThat(verified(id)).isTrue();
    }
    assertThat(of(repaired, "REMEDIATION")).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    assertThat(
            as("root", Scope.READ, Scope.ADMIN)
                .get("/api/v1/audit/verify")
                .body()
                .path("valid")
                .asBoolean())
        .isTrue();
  }

  private void dismissWhatOthersLeft(String service) {
    responder()
        .get("/api/v1/incidents?state=OPEN,ACKNOWLEDGED,INVESTIGATING&service=" + service)
        .body()
        .path("items")
        .forEach(incident ->
            responder()
                .post(
                    "/api/v1/incidents/" + incident.path("id").asString() + "/transitions",
                    Map.of("event", "DISMISS", "comment", "of another test")));
  }

  // The very same signal, sent to both at once, is taken once.
  private String openOnce(String service, SignalKind kind)
      throws InterruptedException, ExecutionException {
    advance(Duration.ofMillis(1));
    var signal =
        new Signal(
            UUID.randomUUID(),
            "replica|" + service,
            kind,
            SignalStatus.FIRING,
            "rule",
            service,
            "prod",
            Severity.SEV2,
            "Too many requests fail",
            CLOCK.instant(),
            null,
            null);
    var answers = both(api -> api.post("/api/v1/signals", signal));
    assertThat(answers).extracting(Api.Answer::status).containsExactlyInAnyOrder(202, 200);
    return answers.stream()
        .filter(a -> a.status() == 202)
        .findFirst()
        .orElseThrow()
        .text("incident");
  }

  private void clear(String id) throws InterruptedException, ExecutionException {
    var known = responder().get("/api/v1/incidents/" + id).body().path("signals").path(0);
    advance(Duration.ofMillis(1));
    var signal =
        new Signal(
            UUID.randomUUID(),
            known.path("fingerprint").asString(),
            SignalKind.valueOf(known.path("kind").asString()),
            SignalStatus.CLEARED,
            "rule",
            known.path("service").asString(),
            "prod",
            Severity.SEV2,
            "",
            CLOCK.instant(),
            null,
            null);
    both(api -> api.post("/api/v1/signals", signal));
  }

  private boolean hasPostmortem(String id) {
    return responder().get("/api/v1/incidents/" + id + "/postmortem").status() == 200;
  }

  private boolean verified(String id) {
    return responder()
        .get("/api/v1/incidents/" + id + "/timeline/verify")
        .body()
        .path("valid")
        .asBoolean();
  }

  @Test
  void ofPeopleWhoDoTheSameAtBothOneWinsAndNothingIsLost()
      throws InterruptedException, ExecutionException {
    var id = openOnce(freshService(), SignalKind.THRESHOLD);
    var path = "/api/v1/incidents/" + id;

    var moved = both(api -> api.post(path + "/transitions", Map.of("event", "ACKNOWLEDGE")));
    assertThat(moved).extracting(Api.Answer::status).containsExactlyInAnyOrder(200, 409);
    for (int i : IntStream.range(0, 10).toArray()) {
      var notes = both(api -> api.post(path + "/annotations", Map.of("text", "note " + i)));
      assertThat(notes).extracting(Api.Answer::status).containsOnly(201);
      var led =
          both(api ->
              api.post(
                  path + "/responders", Map.of("name", "p" + i, "role", "INCIDENT_COMMANDER")));
      assertThat(led).extracting(Api.Answer::status).containsOnly(200);
    }

    assertThat(of(id, "STATE_CHANGED")).hasSize(1);
    assertThat(of(id, "ANNOTATION").stream().filter(s -> s.startsWith("note "))).hasSize(20);
    assertThat(of(id, "ANNOTATION").stream().filter(s -> s.contains("incident commander")))
        .hasSize(10);
    assertThat(verified(id)).isTrue();
  }
}
