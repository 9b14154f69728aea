package dev.watchtower.incident.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Time only moves when the test moves it; the steps are seen on the timeline and at Discord. */
class EscalationIT extends RunningService {
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  /**
   * Moves the clock on once nothing waits: what waits for some milliseconds of a rate limit would
   * else seem to have waited for so long that its channel is away.
   */
  private void pass(Duration step) {
    soon().until(() -> toBeSent() == 0);
    advance(step);
  }

  private String fire(String service) {
    return responder()
        .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
        .text("incident");
  }

  private List<String> escalations(String incident) {
    return responder()
        .get("/api/v1/incidents/" + incident + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString().equals("ESCALATION"))
        .map(e -> e.path("summary").asString())
        .toList();
  }

  private void expect(String incident, String... starts) {
    soon()
        .untilAsserted(() -> {
          var lines = escalations(incident);
          assertThat(lines).hasSize(starts.length);
          for (int i = 0; i < starts.length; i++) {
            assertThat(lines.get(i)).startsWith(starts[i]);
          }
        });
  }

  private String onCall() {
    return responder()
        .get("/api/v1/on-call")
        .body()
        .path("items")
        .path(0)
        .path("now")
        .path("person")
        .asString();
  }

  private JsonNode escalation(String incident) {
    return responder().get("/api/v1/incidents/" + incident + "/escalation").body();
  }

  private String state(String incident) {
    return escalation(incident).path("state").asString();
  }

  @Test
  void itGoesThroughItsStepsAndRoundsUntilNobodyIsLeft() {
    var incident = fire("esc-1");
    pass(Duration.ofMinutes(4));
    assertThat(escalations(incident)).isEmpty();

    pass(Duration.ofMinutes(1));
    expect(incident, "Escalated to " + onCall() + " on discord (step 1 of 2)");
    soon().until(() -> DISCORD.messagesWith(incident).size() == 2);
    var message = List.copyOf(DISCORD.messagesWith(incident).values()).get(1);
    assertThat(message.path("content").asString())
        .startsWith("<@&4711> ")
        .contains("escalated to " + onCall());
    assertThat(message.path("allowed_mentions").path("parse").isEmpty()).isTrue();
    assertThat(message.path("allowed_mentions").path("roles").path(0).asString()).isEqualTo("4711");

    pass(Duration.ofMinutes(10));
    expect(incident, "Escalated to", "Escalated to boss on discord (step 2 of 2)");
    pass(Duration.ofMinutes(5));
    expect(
        incident, "Esc", "Esc", "Escalated to " + onCall() + " on discord (step 1 of 2, round 2)");
    pass(Duration.ofMinutes(10));
    expect(
        incident,
        "Esc",
        "Esc",
        "Esc",
        "Escalated to boss",
        "All steps of the escalation were done");
    assertThat(state(incident)).isEqualTo("EXHAUSTED");
  }

  @Test
  void anAcknowledgementStopsItAndATimeOutBeginsItAnew() {
    var incident = fire("esc-2");
    pass(Duration.ofMinutes(5));
    expect(incident, "Escalated to");

    send(incident, "ACKNOWLEDGE");
    expect(incident, "Escalated to", "The escalation stopped: somebody is on it");
    pass(Duration.ofMinutes(29));
    // A note shows that somebody is on it.
    responder()
        .post("/api/v1/incidents/" + incident + "/annotations", Map.of("text", "still looking"));
    pass(Duration.ofMinutes(29));
    assertThat(state(incident)).isEqualTo("ACKNOWLEDGED");

    pass(Duration.ofMinutes(1));
    expect(
        incident,
        "Escalated to",
        "The escalation stopped",
        "Escalating again: nobody did anything for 30 min",
        "Escalated to");
    assertThat(state(incident)).isEqualTo("WAITING");
  }

  @Test
  void aMachinesNoteShowsNobody() {
    var incident = fire("esc-15");
    send(incident, "ACKNOWLEDGE");
    pass(Duration.ofMinutes(29));

    asMachine("ci", Scope.READ, Scope.RESPOND)
        .post("/api/v1/incidents/" + incident + "/annotations", Map.of("text", "build 7 is out"));
    pass(Duration.ofMinutes(1));

    expect(incident, "Escalating again: nobody did anything for 30 min", "Escalated to");
  }

  private void note(String incident, String text) {
    responder().post("/api/v1/incidents/" + incident + "/annotations", Map.of("text", text));
  }

  @Test
  void whoSaysThatTheyAreOnItStopsWhatBeganAgain() {
    var incident = fire("esc-6");
    send(incident, "ACKNOWLEDGE");
    pass(Duration.ofMinutes(30));
    expect(incident, "Escalating again", "Escalated to");

    note(incident, "still here");

    var stopped = "The escalation stopped: somebody is on it";
    expect(incident, "Escalating again", "Escalated to", stopped);
    assertThat(state(incident)).isEqualTo("ACKNOWLEDGED");
    pass(Duration.ofMinutes(29));
    var other = fire("esc-7");
    pass(Duration.ofMinutes(5));
    expect(other, "Escalated to");
    expect(incident, "Escalating again", "Escalated to", stopped, "Escalating again", "Escalated");
  }

  @Test
  void whatNobodyAnsweredToTheEndIsTakenUpByANoteToo() {
    var incident = fire("esc-9");
    send(incident, "ACKNOWLEDGE");
    pass(Duration.ofMinutes(30));
    for (var step : List.of(10, 5, 10)) {
      soon().until(() -> step(incident, step));
    }
    soon().until(() -> state(incident).equals("EXHAUSTED"));

    note(incident, "back at my desk");

    assertThat(state(incident)).isEqualTo("ACKNOWLEDGED");
    assertThat(escalations(incident).getLast())
        .isEqualTo("The escalation stopped: somebody is on it");
  }

  // Moves on to the next step once the one before is done.
  private boolean step(String incident, int minutes) {
    var due = Instant.parse(escalation(incident).path("dueAt").asString());
    boolean waits = due.isAfter(CLOCK.instant());
    if (waits) {
      pass(Duration.ofMinutes(minutes));
    }
    return waits;
  }

  @Test
  void aNoteBeforeAnybodyTookItUpStopsNothing() {
    var incident = fire("esc-10");
    note(incident, "looks odd");

    pass(Duration.ofMinutes(5));

    expect(incident, "Escalated to");
  }

  private void fire(String service, String rule, Severity severity) {
    responder()
        .post(
            "/api/v1/signals",
            signal(service, rule, SignalStatus.FIRING, severity, CLOCK.instant()));
  }

  @Test
  void whatGetsWorseEscalatesByThePolicyThatFitsNow() {
    var incident = fire("esc-11");
    pass(Duration.ofMinutes(1));
    fire("esc-11", "all-requests-fail", Severity.SEV1);
    var now = "Escalating now by policy 'esc-worst', no longer by 'esc'";
    expect(incident, now);

    pass(Duration.ofMinutes(3));

    expect(incident, now, "Escalated to chief", "All steps of the escalation were done");
  }

  @Test
  void anotherPolicyPutsNoStepOff() {
    var incident = fire("esc-12");
    pass(Duration.ofMinutes(4));
    fire("esc-12", "all-requests-fail", Severity.SEV1);

    pass(Duration.ofMinutes(1));

    expect(incident, "Escalating now by policy", "Escalated to chief", "All steps");
  }

  @Test
  void whatTurnsOutToBeAboutAnotherServiceEscalatesToItsPeople() {
    var incident = fire("g21-front");
    pass(Duration.ofMinutes(1));
    fire("g21-back", "high-error-rate", Severity.SEV2);

    pass(Duration.ofMinutes(2));

    expect(
        incident,
        "Escalating now by policy 'callee', no longer by 'caller'",
        "Escalated to owner",
        "All steps");
  }

  @Test
  void whatIsBackEscalatesAnewWhoeverAcknowledgedItBefore() {
    var incident = fire("esc-13");
    send(incident, "ACKNOWLEDGE");
    responder().post("/api/v1/signals", signal("esc-13", "high-error-rate", SignalStatus.CLEARED));
    assertThat(state(incident)).isEqualTo("STOPPED");
    pass(Duration.ofMinutes(1));

    assertThat(fire("esc-13")).isEqualTo(incident);
    pass(Duration.ofMinutes(5));

    expect(incident, "Escalated to");
    note(incident, "on it again");
    expect(incident, "Escalated to", "The escalation stopped: somebody is on it");
  }

  @Test
  void whatIsBackBeforeAnybodyTookItUpIsTakenUpByWhateverAPersonDoes() {
    var incident = fire("esc-16");
    responder().post("/api/v1/signals", signal("esc-16", "high-error-rate", SignalStatus.CLEARED));
    pass(Duration.ofMinutes(1));
    assertThat(fire("esc-16")).isEqualTo(incident);
    pass(Duration.ofMinutes(5));
    expect(incident, "Escalated to");
    var before = responder().get("/api/v1/incidents/" + incident).body();
    assertThat(before.path("acknowledgedAt").isNull()).isTrue();

    note(incident, "on it");

    expect(incident, "Escalated to", "The escalation stopped: somebody is on it");
    assertThat(responder().get("/api/v1/incidents/" + incident).text("acknowledgedAt"))
        .isEqualTo(CLOCK.instant().toString());
    // The step that was to come.
    pass(Duration.ofMinutes(10));
    var other = fire("esc-17");
    pass(Duration.ofMinutes(5));
    expect(other, "Escalated to");
    expect(incident, "Escalated to", "The escalation stopped");
  }

  @Test
  void whatTakesAnotherIncidentInGoesOnWithItsEscalationWhereItHasNone() {
    var caller = fire("heir-1");
    var paged = fire("heir-2");
    pass(Duration.ofSeconds(30));

    var one = fire("heir-db");

    assertThat(one).isEqualTo(caller);
    assertThat(responder().get("/api/v1/incidents/" + paged).text("state")).isEqualTo("RESOLVED");
    var number = responder().get("/api/v1/incidents/" + paged).text("number");
    var goesOn = "Goes on with the escalation of #" + number;
    expect(one, goesOn);
    pass(Duration.ofMinutes(2).plusSeconds(30));
    expect(one, goesOn, "Escalated to kim", "All steps");
  }

  @Test
  void ofTwoEscalationsThatWaitTheEarlierTimeCounts() {
    var early = fire("esc-19");
    pass(Duration.ofMinutes(2));
    var late = fire("esc-20");
    assertThat(late).isNotEqualTo(early);

    responder().post("/api/v1/incidents/" + early + "/merge", Map.of("into", late));
    pass(Duration.ofMinutes(1));

    expect(late, "Escalates when #", "Escalated to lou", "All steps");
    assertThat(escalations(early)).isEmpty();
  }

  @Test
  void whoeverIsQuickIsNotEscalated() {
    var incident = fire("esc-3");
    send(incident, "ACKNOWLEDGE");
    pass(Duration.ofMinutes(20));
    var other = fire("esc-4");
    pass(Duration.ofMinutes(5));
    expect(other, "Escalated to");

    assertThat(escalations(incident)).isEmpty();
    send(incident, "MITIGATE");
    send(incident, "RESOLVE");
    assertThat(state(incident)).isEqualTo("STOPPED");
  }

  @Test
  void thatNobodyCouldBeToldIsRecorded() {
    var incident = fire("esc-nobody");

    pass(Duration.ofMinutes(1));

    expect(
        incident,
        "Nobody could be told in step 1 of the escalation: nobody is on call in rotation 'empty'",
        "All steps of the escalation were done, and nobody took it up");
  }

  @Test
  void whileItIsMutedNobodyIsEscalatedToAndThenItGoesOn() {
    responder()
        .post(
            "/api/v1/silences",
            Map.of(
                "matchers", Map.of("services", List.of("esc-5")),
                "reason", "deploying",
                "duration", "PT10M"));
    var incident = fire("esc-5");
    pass(Duration.ofMinutes(5));
    expect(incident, "Not escalated: muted by a silence of ann: deploying");

    pass(Duration.ofMinutes(5));

    expect(incident, "Not escalated", "Escalated to");
  }

  @Test
  void whoIsOnCallNowAndNextIsShown() {
    var body = responder().get("/api/v1/on-call?at=2026-01-01T12:00:00Z").body();

    var rotation = body.path("items").path(0);
    assertThat(rotation.path("rotation").asString()).isEqualTo("esc");
    assertThat(rotation.path("now").path("person").asString()).isEqualTo("ann");
    assertThat(rotation.path("now").path("until").asString()).isEqualTo("2026-01-02T00:00:00Z");
    assertThat(rotation.path("next").path("person").asString()).isEqualTo("bob");
    assertThat(rotation.path("next").path("until").asString()).isEqualTo("2026-01-03T00:00:00Z");
    assertThat(body.path("items").path(1).path("now").path("person").isNull()).isTrue();
  }
}
