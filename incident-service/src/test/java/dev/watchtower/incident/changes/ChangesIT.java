package dev.watchtower.incident.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn;
import dev.watchtower.incident.PeerStandIn.Reply;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Change events from a stand-in for ingest-service, over HTTP. */
class ChangesIT extends RunningService {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<ChangeEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void tellOfTheEvents() {
    INGEST.behave(r -> new Reply(200, JSON.writeValueAsString(new PageOf<>(events, null))));
  }

  @AfterEach
  void noMoreEvents() {
    INGEST.behave(r -> new Reply(200, "{\"items\":[]}"));
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  private static ChangeEvent event(String id, String service, Instant at) {
    return event(id, service, "prod", at);
  }

  private static ChangeEvent event(String id, String service, String env, Instant at) {
    return new ChangeEvent(
        id,
        "ci",
        "dev.cdevents.service.deployed.0.3.0",
        service,
        env,
        at,
        "deployed " + id,
        Map.of());
  }

  private String fire(String service) {
    return responder()
        .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING))
        .text("incident");
  }

  /** For change events; repairs of other tests ask the same stand-in for figures. */
  private static List<PeerStandIn.Request> asked() {
    return INGEST.requests().stream().filter(r -> r.path().equals("/api/v1/events")).toList();
  }

  private List<String> changes(String incident) {
    return responder()
        .get("/api/v1/incidents/" + incident + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString().equals("CHANGE_EVENT"))
        .map(e -> e.path("summary").asString())
        .toList();
  }

  @Test
  void changesOfTheServiceAndOfWhatItCallsComeOntoTheTimelineOnce() {
    var now = CLOCK.instant();
    events.add(event("a", "g11-mid", now.minus(Duration.ofMinutes(4))));
    events.add(event("b", "g11-back", now.minus(Duration.ofMinutes(29))));
    events.add(event("of the caller", "g11-front", now.minus(Duration.ofMinutes(4))));
    events.add(event("too old", "g11-mid", now.minus(Duration.ofMinutes(31))));
    events.add(event("of another", "checkout", now.minus(Duration.ofMinutes(4))));

    var incident = fire("g11-mid");

    soon().until(() -> changes(incident).size() == 2);
    assertThat(changes(incident))
        .containsExactly(
            "g11-back: deployed b, 29 min before the opening",
            "g11-mid: deployed a, 4 min before the opening");
    int asked = asked().size();
    soon().until(() -> asked().size() > asked + 3);
    assertThat(changes(incident)).hasSize(2);
    // Incidents of other tests last in other environments.
    assertThat(asked())
        .anySatisfy(request -> {
          assertThat(request.query()).contains("env=prod");
          assertThat(request.authorization()).startsWith("Bearer ");
        });
  }

  @Test
  void theEnvironmentMayBeCalledOtherwiseByWhoChangedIt() {
    var service = freshService();
    events.add(event("c", service, "production", CLOCK.instant().minus(Duration.ofMinutes(4))));

    var incident = fire(service);

    soon().until(() -> changes(incident).size() == 1);
    assertThat(changes(incident).getFirst()).contains("deployed c");
  }

  @Test
  void anEventThatShowsLaterIsAddedWhileTheIncidentLastsAndNotAfter() {
    var incident = fire("g12-mid");
    int asked = asked().size();
    soon().until(() -> asked().size() > asked + 1);
    assertThat(changes(incident)).isEmpty();

    // As a blind chaos run does when it is unsealed.
    events.add(event("run", "g12-mid", CLOCK.instant().minusSeconds(60)));
    soon().until(() -> changes(incident).size() == 1);
    responder()
        .post(
            "/api/v1/incidents/" + incident + "/transitions",
            Map.of("event", "DISMISS", "comment", "a drill"));
    events.add(event("late", "g12-mid", CLOCK.instant()));
    int then = asked().size();
    var other = fire("g12-back");
    events.add(event("sign", "g12-back", CLOCK.instant()));
    soon().until(() -> changes(other).size() == 1 && asked().size() > then + 2);

    assertThat(changes(incident)).hasSize(1);
  }

  @Test
  void moreThanFiftyAreNotListedButSaidSo() {
    var service = freshService();
    IntStream.range(0, 80)
        .forEach(i -> events.add(event("n" + i, service, CLOCK.instant().minusSeconds(i))));

    var incident = fire(service);

    soon().until(() -> changes(incident).size() == 51);
    assertThat(changes(incident).getLast()).startsWith("More than 50 changes");
  }

  @Test
  void whileIngestIsAwayNothingElseSuffersAndTheEventsComeAfter() {
    INGEST.behave(r -> new Reply(503, "{}"));
    var service = freshService();
    events.add(event("x", service, CLOCK.instant()));
    var incident = fire(service);
    int asked = asked().size();
    soon().until(() -> asked().size() > asked);
    assertThat(changes(incident)).isEmpty();

    tellOfTheEvents();

    soon().until(() -> changes(incident).size() == 1);
  }
}
