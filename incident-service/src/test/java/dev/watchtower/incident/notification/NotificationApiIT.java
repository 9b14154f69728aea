package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.HookStandIn.Fault;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.SmtpStandIn;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.jdbc.JdbcHeartbeatSlots;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What people do with notices: see why they wait, try again, drop, try a channel out. */
class NotificationApiIT extends RunningService {
  private static final String GONE = "{\"message\":\"Unknown Webhook\",\"code\":10015}";

  @Autowired private Notices notices;
  @Autowired private Dispatch dispatch;
  @Autowired private Transactions transactions;

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  @BeforeEach
  void nothingWaits() {
    soon().until(this::isQuiet);
  }

  private boolean isQuiet() {
    return toBeSent() == 0;
  }

  private String fire(String service) {
    return responder()
        .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
        .text("incident");
  }

  private JsonNode page(String incident) {
    return responder().get("/api/v1/notifications?incident=" + incident).body();
  }

  private JsonNode notice(String incident, String channel) {
    return page(incident)
        .path("items")
        .valueStream()
        .filter(n -> n.path("channel").asString().equals(channel))
        .findFirst()
        .orElseThrow();
  }

  private String timeline(String incident) {
    return responder().get("/api/v1/incidents/" + incident + "/timeline").body().toString();
  }

  private static dev.watchtower.incident.DiscordStandIn.Fault discord(int status, String body) {
    return new dev.watchtower.incident.DiscordStandIn.Fault.Answer(status, body, Map.of());
  }

  @Test
  void whatWaitsSaysWhyAndARetryIsTriedAtOnce() {
    DISCORD.fail(discord(429, "{\"retry_after\":600,\"global\":false}"));
    var incident = fire(freshService());
    soon()
        .until(
            () -> notice(incident, "discord").path("reason").asString("").contains("rate limit"));
    var waiting = notice(incident, "discord");
    assertThat(waiting.path("state").asString()).isEqualTo("WAITING");
    assertThat(waiting.path("lastError").asString()).contains("rate limit");
    assertThat(waiting.path("attempts").asInt()).isEqualTo(1);
    assertThat(Instant.parse(waiting.path("nextAttemptAt").asString()))
        .isAfter(CLOCK.instant().plusSeconds(500));

    var path = "/api/v1/notifications/" + waiting.path("id").asString();
    assertThat(responder().post(path + "/retry", "").status()).isEqualTo(200);
    assertThat(anchorOf(waiting.path("id").asString())).isEqualTo(incident);
    soon().until(this::isQuiet);

    assertThat(DISCORD.messagesWith(incident)).hasSize(1);
    assertThat(notice(incident, "discord").path("state").asString()).isEqualTo("SENT");
    assertThat(timeline(incident)).contains("Asked to tell discord again");
    var again = responder().post(path + "/retry", "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("detail")).contains("sent already");
  }

  @Test
  void whoeverReadsTheHealthSeesNoReasonsSinceTheyNamePeople() {
    DISCORD.fail(discord(429, "{\"retry_after\":600,\"global\":false}"));
    var incident = fire(freshService());
    soon().until(() -> notice(incident, "discord").path("state").asString().equals("WAITING"));
    var admin = as("rita", Scope.ADMIN, Scope.READ);
    MAIL.fail(new SmtpStandIn.Fault.Recipient("bob@", "550 no such user"));
    admin.post("/api/v1/notifications/test", Map.of("channel", "mail"));
    assertThat(page(incident).path("channels").toString()).contains("bob@", "rate limit");

    var channels = nobody().get("/health").body().path("components").path("notifications");

    assertThat(channels.path("details").path("discord").asString()).isEqualTo("OK, 1 waiting");
    assertThat(channels.path("details").path("mail").asString()).isEqualTo("OK");
    admin.post("/api/v1/notifications/test", Map.of("channel", "mail"));
    var id = notice(incident, "discord").path("id").asString();
    responder().post("/api/v1/notifications/" + id + "/retry", "");
  }

  @Test
  void aRetryMendsAChannelThatWasBroken() {
    DISCORD.fail(discord(404, GONE));
    var incident = fire(freshService());
    soon().until(this::isQuiet);
    var failed = notice(incident, "discord");
    assertThat(failed.path("state").asString()).isEqualTo("FAILED");
    assertThat(page(incident).path("channels").path(0).path("state").asString())
        .isEqualTo("BROKEN");

    responder().post("/api/v1/notifications/" + failed.path("id").asString() + "/retry", "");
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);

    assertThat(page(incident).path("channels").path(0).path("state").asString()).isEqualTo("OK");
  }

  @Test
  void whatIsDroppedIsSeenAndLetsTheOthersPass() {
    DISCORD.fail(discord(429, "{\"retry_after\":600,\"global\":false}"));
    var first = fire(freshService());
    soon().until(() -> notice(first, "discord").path("state").asString().equals("WAITING"));
    var second = fire(freshService());
    var path = "/api/v1/notifications/" + notice(first, "discord").path("id").asString();
    assertThat(responder().post(path + "/drop", Map.of("reason", " ")).status()).isEqualTo(400);

    var dropped = responder().post(path + "/drop", Map.of("reason", "told by phone"));
    assertThat(dropped.status()).isEqualTo(200);
    soon().until(this::isQuiet);

    assertThat(dropped.text("state")).isEqualTo("DROPPED");
    assertThat(notice(first, "discord").path("reason").asString())
        .isEqualTo("dropped by ann: told by phone");
    assertThat(timeline(first)).contains("discord is not told: told by phone");
    assertThat(DISCORD.messagesWith(first)).isEmpty();
    assertThat(DISCORD.messagesWith(second)).hasSize(1);
    assertThat(responder().post(path + "/drop", Map.of("reason", "x")).status()).isEqualTo(409);
    responder().post(path + "/retry", "");
    soon().until(() -> isQuiet() && DISCORD.messagesWith(first).size() == 1);
  }

  @Test
  void whoDecidesSeesThatItMayHaveArrived() {
    DISCORD.fail(
        new dev.watchtower.incident.DiscordStandIn.Fault.LostAnswer(),
        discord(429, "{\"retry_after\":600,\"global\":false}"));
    var incident = fire(freshService());
    soon()
        .until(
            () -> notice(incident, "discord").path("reason").asString("").contains("rate limit"));

    var waiting = notice(incident, "discord");
    assertThat(waiting.path("mayHaveArrived").asBoolean()).isTrue();
    var path = "/api/v1/notifications/" + waiting.path("id").asString();
    var dropped = responder().post(path + "/drop", Map.of("reason", "it is there")).body();
    assertThat(dropped.path("mayHaveArrived").asBoolean()).isTrue();
    assertThat(dropped.path("reason").asString())
        .endsWith("it is there; an earlier attempt may have arrived");
    responder().post(path + "/retry", "");
    soon().until(this::isQuiet);
    assertThat(notice(incident, "discord").path("state").asString()).isEqualTo("SENT");
    assertThat(notice(incident, "discord").path("mayHaveArrived").asBoolean()).isFalse();
  }

  @Test
  void anUnknownNoticeIsNotFound() {
    var path = "/api/v1/notifications/" + UUID.randomUUID();

    assertThat(responder().post(path + "/retry", "").status()).isEqualTo(404);
    assertThat(responder().post(path + "/drop", Map.of("reason", "x")).status()).isEqualTo(404);
  }

  @Test
  void aTestMessageGoesOutAtOnceAndSaysHowItWent() {
    var admin = as("root", Scope.ADMIN, Scope.READ);
    for (var channel : List.of("discord", "hook", "chat", "mail")) {
      var answer = admin.post("/api/v1/notifications/test", Map.of("channel", channel));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text("state")).as(answer.body().toString()).isEqualTo("SENT");
      assertThat(answer.text("kind")).isEqualTo("TEST");
    }
    assertThat(DISCORD.messagesWith("asked for by root")).hasSize(1);
    assertThat(HOOK.takenWith("dev.watchtower.notification.test")).isNotEmpty();
    assertThat(CHAT.takenWith("asked for by root")).hasSize(1);
    assertThat(MAIL.takenWith("asked for by root")).hasSize(1);

    CHAT.fail(new Fault.Answer(404, "no_service", Map.of()));
    MAIL.fail(new SmtpStandIn.Fault.Answer("451 later"));
    var broken = admin.post("/api/v1/notifications/test", Map.of("channel", "chat"));
    assertThat(broken.text("state")).isEqualTo("FAILED");
    assertThat(broken.text("reason")).contains("404");
    assertThat(admin.post("/api/v1/notifications/test", Map.of("channel", "mail")).text("reason"))
        .contains("451");
    assertThat(jdbc.sql("select channel from channel_fault").query(String.class).list())
        .containsExactly("chat");
    assertThat(admin.post("/api/v1/notifications/test", Map.of("channel", "chat")).text("state"))
        .isEqualTo("SENT");
    assertThat(jdbc.sql("select channel from channel_fault").query(String.class).list()).isEmpty();
    assertThat(admin.post("/api/v1/notifications/test", Map.of("channel", "nope")).status())
        .isEqualTo(400);
  }

  @Test
  void theHeartbeatIsSentOnceForEachTimeThatComes() throws IOException {
    var text =
        Files.readString(KEYS.dataDir().resolve("watchtower.yaml"))
            .replaceFirst(
                "(?m)^  routes:$",
                "  heartbeat: {every: week, day: friday, at: \"09:30\", time-zone: Europe/Berlin, channels: [chat]}\n  routes:");
    var catalog =
        new CatalogParser(System::getenv)
            .parse("c", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var heartbeats =
        new HeartbeatClock(
            new JdbcHeartbeatSlots(jdbc), notices, dispatch, transactions, () -> catalog);
    var friday = Instant.parse("2030-03-01T08:30:00Z");
    int before = CHAT.takenWith("the weekly sign").size();

    heartbeats.look(friday.minusSeconds(1));
    heartbeats.look(friday.minusSeconds(1));
    assertThat(isQuiet()).isTrue();
    heartbeats.look(friday);
    heartbeats.look(friday.plusSeconds(1));
    soon().until(this::isQuiet);
    assertThat(CHAT.takenWith("the weekly sign")).hasSize(before + 1);
    // Three Fridays pass while nothing runs, one of them after the clocks changed: once is enough.
    heartbeats.look(Instant.parse("2030-04-05T07:29:59Z"));
    heartbeats.look(Instant.parse("2030-04-05T07:30:00Z"));
    soon().until(this::isQuiet);

    assertThat(CHAT.takenWith("the weekly sign")).hasSize(before + 3);
    var latest = responder().get("/api/v1/notifications?limit=1").body().path("items").path(0);
    assertThat(latest.path("kind").asString()).isEqualTo("TEST");
    assertThat(latest.path("state").asString()).isEqualTo("SENT");
    assertThat(latest.path("incident").isNull()).isTrue();
  }

  private Signal labSignal(String service) {
    return new Signal(
        UUID.randomUUID(),
        "r|" + service,
        SignalKind.THRESHOLD,
        SignalStatus.FIRING,
        "r",
        service,
        "lab",
        Severity.SEV2,
        "Too many requests fail",
        CLOCK.instant(),
        null,
        null);
  }

  @Test
  void whatNoRouteTakesIsRecordedOnce() {
    var incident = responder().post("/api/v1/signals", labSignal("lab-none")).text("incident");
    responder().post("/api/v1/signals", labSignal("lab-none"));

    var notice = notice(incident, "no route");
    assertThat(notice.path("state").asString()).isEqualTo("SKIPPED");
    assertThat(notice.path("reason").asString()).isEqualTo("no route takes it");
    assertThat(timeline(incident)).containsOnlyOnce("Nobody is told: no route takes it");
    var path = "/api/v1/notifications/" + notice.path("id").asString();
    assertThat(responder().post(path + "/retry", "").status()).isEqualTo(409);
    dismiss(incident);
  }

  @Test
  void thatNoChannelHasAnAddressStandsOnTheTimelineOnce() {
    var incident = responder().post("/api/v1/signals", labSignal("lab-unset")).text("incident");
    responder().post("/api/v1/signals", labSignal("lab-unset"));

    assertThat(notice(incident, "unset").path("state").asString()).isEqualTo("SKIPPED");
    assertThat(timeline(incident))
        .containsOnlyOnce(
            "Nobody could be told: the channel 'unset' has no address (set the channel's url");
    dismiss(incident);
  }

  // The other tests know one environment.
  private void dismiss(String incident) {
    var answer =
        responder()
            .post(
                "/api/v1/incidents/" + incident + "/transitions",
                Map.of("event", "DISMISS", "comment", "only a test"));
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void whenTheHoursOfARouteBeginPeopleAreToldWhileItLasts() {
    if (CLOCK.instant().atOffset(ZoneOffset.UTC).getHour() % 2 == 0) {
      advance(Duration.ofHours(1));
    }
    var incident = responder().post("/api/v1/signals", labSignal("lab-hours")).text("incident");
    assertThat(timeline(incident)).contains("Nobody is told: no route that takes it is open now");
    soon().until(this::isQuiet);
    assertThat(CHAT.takenWith(incident)).isEmpty();

    advance(Duration.ofHours(1));
    soon().until(() -> CHAT.takenWith(incident).size() == 1);

    assertThat(timeline(incident)).containsOnlyOnce("A route takes it now");
    soon().until(this::isQuiet);
    assertThat(CHAT.takenWith(incident)).hasSize(1);

    // The route is closed again, but who was told of it hears of the escalation.
    advance(Duration.ofHours(1));
    soon().until(() -> CHAT.takenWith(incident).size() == 2);
    assertThat(CHAT.takenWith(incident).getLast().body()).contains("escalated to boss");
    dismiss(incident);
  }
}
