package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.HookStandIn.Fault;
import dev.watchtower.incident.HookStandIn.Request;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.SmtpStandIn;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks, Slack-compatible webhooks and mail at stand-ins, with their faults. */
class ChannelsIT extends RunningService {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final AtomicInteger NEXT = new AtomicInteger();

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }

  @BeforeEach
  void nothingWaits() {
    soon().until(this::isQuiet);
  }

  private boolean isQuiet() {
    return toBeSent() == 0;
  }

  private String fire() {
    var service = "all-" + NEXT.incrementAndGet();
    return responder()
        .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
        .text("incident");
  }

  private static List<JsonNode> bodies(List<Request> requests) {
    return requests.stream().map(r -> JSON.readTree(r.body())).toList();
  }

  private List<JsonNode> notices(String incident, String channel) {
    return responder()
        .get("/api/v1/notifications?incident=" + incident)
        .body()
        .path("items")
        .valueStream()
        .filter(n -> n.path("channel").asString().equals(channel))
        .toList();
  }

  @Test
  void aWebhookIsSentSignedCloudEventsFromTheOpeningToTheResolution()
      throws GeneralSecurityException {
    var incident = fire();
    soon().until(this::isQuiet);
    send(incident, "ACKNOWLEDGE");
    soon().until(this::isQuiet);
    send(incident, "MITIGATE");
    soon().until(this::isQuiet);
    send(incident, "RESOLVE");
    soon().until(this::isQuiet);

    var requests = HOOK.takenWith(incident);
    var events = bodies(requests);
    assertThat(events)
        .extracting(e -> e.path("type").asString())
        .containsExactly(
            "dev.cdevents.incident.detected.0.3.0",
            "dev.cdevents.incident.reported.0.3.0",
            "dev.cdevents.incident.reported.0.3.0",
            "dev.cdevents.incident.resolved.0.3.0");
    assertThat(events)
        .allSatisfy(e -> {
          assertThat(e.path("specversion").asString()).isEqualTo("1.0");
          assertThat(e.path("source").asString()).isEqualTo("https://watch.example");
          assertThat(e.path("subject").asString()).isEqualTo(incident);
          var context = e.path("data").path("context");
          assertThat(context.path("id")).isEqualTo(e.path("id"));
          assertThat(context.path("type")).isEqualTo(e.path("type"));
          assertThat(context.path("timestamp")).isEqualTo(e.path("time"));
          var content = e.path("data").path("subject").path("content");
          assertThat(content.path("environment").path("id").asString()).isEqualTo("prod");
        });
    assertThat(
            events.get(1).path("data").path("subject").path("content").path("ticketURI").asString())
        .isEqualTo("https://watch.example/incidents/" + incident);
    assertThat(events.get(1).path("data").path("customData").path("state").asString())
        .isEqualTo("ACKNOWLEDGED");
    for (var request : requests) {
      assertThat(request.header("Content-Type")).startsWith("application/cloudevents+json");
      assertThat(request.header("Idempotency-Key"))
          .isEqualTo(JSON.readTree(request.body()).path("id").asString());
      assertThat(request.header("webhook-signature")).isEqualTo("v1," + signatureOf(request));
    }
  }

  // As the documentation tells receivers to do it.
  private static String signatureOf(Request request) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec("watchtower-test-key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var signed =
        request.header("webhook-id")
            + "."
            + request.header("webhook-timestamp")
            + "."
            + request.body();
    return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void slackAndMailAreToldOfStatesAndMailIsOneThread() {
    var incident = fire();
    soon().until(this::isQuiet);
    var assigned =
        responder().post("/api/v1/incidents/" + incident + "/assignee", Map.of("assignee", "ann"));
    assertThat(assigned.status()).isEqualTo(200);
    soon().until(this::isQuiet);
    send(incident, "ACKNOWLEDGE");
    soon().until(this::isQuiet);
    send(incident, "MITIGATE");
    send(incident, "RESOLVE");
    soon().until(this::isQuiet);

    var chats = bodies(CHAT.takenWith(incident));
    assertThat(chats.getFirst().path("text").asString()).startsWith("🔴 SEV2 OPEN #");
    assertThat(chats.getLast().path("text").asString()).startsWith("✅ Resolved: #");
    assertThat(chats)
        .extracting(c -> c.path("text").asString())
        .anyMatch(t -> t.contains("ACKNOWLEDGED"));
    assertThat(chats)
        .filteredOn(c -> c.path("text").asString().contains(" OPEN "))
        .as("an assignee is no state")
        .hasSize(1);
    assertThat(HOOK.takenWith(incident).get(1).body()).contains("assignee changed");
    assertThat(chats.getFirst().path("attachments").path(0).path("title_link").asString())
        .isEqualTo("https://watch.example/incidents/" + incident);
    var mails = MAIL.takenWith(incident);
    var root = "<incident." + incident + ".mail@example.org>";
    assertThat(mails.getFirst()).contains("Message-ID: " + root).doesNotContain("In-Reply-To");
    assertThat(mails).hasSize(chats.size());
    assertThat(mails.subList(1, mails.size()))
        .allSatisfy(m ->
            assertThat(m)
                .contains("In-Reply-To: " + root)
                .contains("References: " + root)
                .contains("To: ann@example.org, bob@example.org"));
    assertThat(mails.getLast()).contains("RESOLVED");
  }

  @Test
  void afterFaultsOfEveryKindEachMessageHasArrivedOnceAndInOrder() {
    HOOK.fail(
        new Fault.Reset(),
        new Fault.Answer(429, "", Map.of("Retry-After", "0.2")),
        new Fault.Answer(500, "oops", Map.of()),
        new Fault.Answer(408, "", Map.of()));
    CHAT.fail(
        new Fault.Answer(429, "", Map.of("Retry-After", "0.1")),
        new Fault.Answer(429, "", Map.of("Retry-After", "0.1")),
        new Fault.Slow(300),
        new Fault.Reset(),
        new Fault.Answer(503, "", Map.of()));
    MAIL.fail(
        new SmtpStandIn.Fault.Answer("451 try later"),
        new SmtpStandIn.Fault.Reset(),
        new SmtpStandIn.Fault.Answer("421 shutting down"));
    var incident = fire();
    send(incident, "ACKNOWLEDGE");
    send(incident, "MITIGATE");
    send(incident, "RESOLVE");
    soon().until(this::isQuiet);

    assertThat(HOOK.isHealthy() && CHAT.isHealthy() && MAIL.isHealthy()).isTrue();
    var events = bodies(HOOK.takenWith(incident));
    assertThat(events).extracting(e -> e.path("id").asString()).doesNotHaveDuplicates();
    assertThat(events.getFirst().path("type").asString()).contains("detected");
    assertThat(events.getLast().path("type").asString()).contains("resolved");
    for (var channel : List.of("hook", "chat", "mail")) {
      var notices = notices(incident, channel);
      long taken =
          switch (channel) {
            case "hook" -> events.size();
            case "chat" -> CHAT.takenWith(incident).size();
            default -> MAIL.takenWith(incident).size();
          };
      assertThat(notices)
          .extracting(n -> n.path("state").asString())
          .allMatch(s -> s.equals("SENT") || s.equals("SKIPPED"));
      assertThat(notices.stream().filter(n -> n.path("state").asString().equals("SENT")))
          .as(channel)
          .hasSize((int) taken);
      // The newest is first in the list: the resolution, after the opening.
      assertThat(notices.getFirst().path("kind").asString()).isEqualTo("RESOLVED");
      assertThat(notices.getLast().path("kind").asString()).isEqualTo("OPENED");
      assertThat(notices.getLast().path("lastError").asString()).isNotEmpty();
    }
    assertThat(CHAT.takenWith(incident).getLast().body()).contains("Resolved");
    assertThat(MAIL.takenWith(incident).getLast()).contains("RESOLVED");
  }

  @Test
  void whenAnAnswerGetsLostTheMessageComesAgainWithTheSameIdentity() {
    HOOK.fail(new Fault.LostAnswer());
    MAIL.fail(new SmtpStandIn.Fault.LostAnswer());
    var incident = fire();
    soon().until(this::isQuiet);

    var ids = HOOK.takenWith(incident).stream().map(r -> r.header("webhook-id")).toList();
    assertThat(ids).hasSize(2);
    assertThat(ids.getFirst()).isEqualTo(ids.getLast());
    assertThat(MAIL.takenWith(incident))
        .hasSize(2)
        .allSatisfy(m ->
            assertThat(m).contains("Message-ID: <incident." + incident + ".mail@example.org>"));
  }

  @Test
  void newsSinceAnEditWhoseAnswerGotLostHaveAnIdentityOfTheirOwn() {
    var incident = fire();
    soon().until(this::isQuiet);
    HOOK.fail(new Fault.LostAnswer(), new Fault.Answer(429, "", Map.of("Retry-After", "60")));
    send(incident, "ACKNOWLEDGE");
    soon()
        .until(() ->
            notices(incident, "hook").getFirst().path("why").asString("").contains("rate limit"));

    send(incident, "MITIGATE");
    hurry("hook");
    soon().until(this::isQuiet);
    // As the documentation tells receivers to do it.
    var taken = new LinkedHashMap<String, JsonNode>();
    HOOK.takenWith(incident)
        .forEach(r -> taken.putIfAbsent(r.header("webhook-id"), JSON.readTree(r.body())));
    assertThat(taken.values())
        .extracting(e -> e.path("data").path("customData").path("state").asString())
        .containsExactly("OPEN", "ACKNOWLEDGED", "MITIGATED");
  }

  private String reasonOfMail() {
    return responder()
        .get("/api/v1/notifications")
        .body()
        .path("channels")
        .valueStream()
        .filter(c -> c.path("name").asString().equals("mail"))
        .findFirst()
        .orElseThrow()
        .path("reason")
        .asString("");
  }

  @Test
  void anAddressThatIsGoneKeepsNobodyElseFromBeingTold() {
    MAIL.fail(new SmtpStandIn.Fault.Recipient("bob@", "550 no such user"));
    var incident = fire();
    soon().until(this::isQuiet);

    assertThat(MAIL.isHealthy()).isTrue();
    assertThat(MAIL.takenWith(incident)).hasSize(1);
    var missed = "bob@example.org (550)";
    assertThat(notices(incident, "mail"))
        .singleElement()
        .satisfies(n -> assertThat(n.path("state").asString()).isEqualTo("SENT"))
        .satisfies(n -> assertThat(n.path("lastError").asString()).isEqualTo("not " + missed));
    assertThat(reasonOfMail()).isEqualTo("the last message was sent, but not " + missed);
    assertThat(responder().get("/api/v1/incidents/" + incident + "/timeline").body().toString())
        .contains("Told mail of the incident, but not " + missed);

    // Nobody gets it twice while one is refused for the moment only.
    MAIL.fail(new SmtpStandIn.Fault.Recipient("bob@", "450 busy"));
    var other = fire();
    soon().until(this::isQuiet);
    assertThat(MAIL.takenWith(other)).hasSize(1);
    assertThat(notices(other, "mail"))
        .singleElement()
        .satisfies(n -> assertThat(n.path("attempts").asInt()).isEqualTo(2));
    assertThat(reasonOfMail()).isEmpty();
  }

  @Test
  void whatIsMergedOrNoIncidentAtAllIsNotToldAsResolved() {
    var into = fire();
    var merged = fire();
    var nothing = fire();
    soon().until(this::isQuiet);
    var number = responder().get("/api/v1/incidents/" + into).text("number");

    responder().post("/api/v1/incidents/" + merged + "/merge", Map.of("into", into));
    send(nothing, "DISMISS");
    soon().until(this::isQuiet);

    assertThat(CHAT.takenWith(merged).getLast().body()).contains("Merged into #" + number);
    assertThat(MAIL.takenWith(merged).getLast()).contains("RESOLVED, merged into #" + number);
    var event = bodies(HOOK.takenWith(merged)).getLast();
    assertThat(event.path("type").asString()).contains(".incident.resolved.");
    assertThat(event.path("data").path("customData").path("end").asString())
        .isEqualTo("merged into #" + number);
    assertThat(List.copyOf(DISCORD.messagesWith(merged).values()).getLast().toString())
        .contains("**Merged into #" + number + "**")
        .doesNotContain("**Resolved**", "✅");
    assertThat(List.copyOf(DISCORD.messagesWith(nothing).values()).getLast().toString())
        .contains("**Closed as a false alarm**");
    assertThat(bodies(HOOK.takenWith(nothing)).getLast().path("type").asString())
        .contains(".incident.resolved.");
  }

  @Test
  void whoWasToldOfWhatIsMergedGoesOnHearingOfWhatItWasMergedInto() {
    // One that Discord alone is told of, and one that nobody is told of.
    var target = fire(freshService(), SignalStatus.FIRING);
    var silent = freshService();
    responder()
        .post(
            "/api/v1/silences",
            Map.of(
                "matchers", Map.of("services", List.of(silent)),
                "reason", "deploying",
                "duration", "PT10M"));
    var muted = fire(silent, SignalStatus.FIRING);
    for (var into : List.of(target, muted)) {
      var source = fire();
      soon().until(this::isQuiet);
      assertThat(CHAT.takenWith(into)).isEmpty();
      var number = responder().get("/api/v1/incidents/" + source).text("number");

      responder().post("/api/v1/incidents/" + source + "/merge", Map.of("into", into));
      soon().until(this::isQuiet);

      for (var channel : List.of("hook", "chat", "mail")) {
        assertThat(notices(into, channel))
            .as(channel)
            .anySatisfy(n -> {
              assertThat(n.path("kind").asString()).isEqualTo("OPENED");
              assertThat(n.path("about").asString()).isEqualTo("took in #" + number);
            });
      }
      assertThat(DISCORD.messagesWith(into)).hasSize(1);
      send(into, "INVESTIGATE");
      send(into, "MITIGATE");
      send(into, "RESOLVE");
      soon().until(this::isQuiet);
      assertThat(CHAT.takenWith(into).getLast().body()).contains("Resolved");
      assertThat(MAIL.takenWith(into).getLast()).contains("RESOLVED");
      assertThat(bodies(HOOK.takenWith(into)).getLast().path("type").asString())
          .contains(".incident.resolved.");
    }
  }

  private String fire(String service, SignalStatus status) {
    return responder()
        .post("/api/v1/signals", signal(service, "high-error-rate", status))
        .text("incident");
  }

  @Test
  void aWebhookThatRedirectsOrIsGoneBreaksItsChannelOnlyAndTellsNoSecret() {
    try {
      HOOK.fail(new Fault.Answer(302, "", Map.of("Location", CHAT.url())));
      CHAT.fail(new Fault.Answer(410, "", Map.of()));
      MAIL.fail(new SmtpStandIn.Fault.Answer("550 no such user"));
      var incident = fire();
      soon().until(this::isQuiet);
      send(incident, "ACKNOWLEDGE");
      soon().until(this::isQuiet);

      assertThat(HOOK.seenWith(incident)).hasSize(1);
      assertThat(CHAT.seenWith(incident)).hasSize(1);
      assertThat(CHAT.takenWith(incident)).isEmpty();
      // A mail that is refused is lost; the next one is not.
      assertThat(MAIL.takenWith(incident)).hasSize(1);
      var page = responder().get("/api/v1/notifications?incident=" + incident).body();
      assertThat(page.path("channels").valueStream().toList())
          .filteredOn(c -> c.path("state").asString().equals("BROKEN"))
          .extracting(c -> c.path("name").asString())
          .containsExactlyInAnyOrder("hook", "chat");
      assertThat(page.toString())
          .contains("redirect", "550")
          .doesNotContain("abc-secret", "d2F0Y2h0b3dlci10ZXN0LWtleQ");
      assertThat(nobody().get("/health").body().toString()).doesNotContain("abc-secret");
    } finally {
      jdbc.sql("delete from channel_fault").update();
    }
  }
}
