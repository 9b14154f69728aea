package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordStandIn.Fault;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/** Incidents and their messages at a stand-in Discord; each test begins when nothing waits. */
abstract class DiscordWorld extends RunningService {
  protected static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  protected static Fault limited(double seconds) {
    return new Fault.Answer(
        429,
        "{\"message\":\"slow\",\"retry_after\":%s,\"global\":false}".formatted(seconds),
        Map.of());
  }

  /** Discord refuses everything, each time for a minute, until {@link #discordIsBack}. */
  protected void discordRefuses() {
    DISCORD.failOn(limited(60));
  }

  /** Waits until a message of the incident has been refused, and waits. */
  protected void awaitRefusal(String incident) {
    soon()
        .until(() ->
            notifications(incident).stream()
                .anyMatch(n ->
                    n.path("state").asString().equals("WAITING")
                        && n.path("why").asString("").equals("the channel's rate limit")));
  }

  /** Discord takes everything from now on, and is asked at once. */
  @AfterEach
  protected void discordIsBack() {
    DISCORD.mend();
    hurry("discord");
  }

  @BeforeEach
  void nothingWaits() {
    soon().until(this::isQuiet);
    assertThat(DISCORD.isHealthy()).isTrue();
  }

  protected boolean isQuiet() {
    return toBeSent() == 0;
  }

  protected String fire(String service) {
    return responder()
        .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
        .text("incident");
  }

  protected List<JsonNode> notifications(String incident) {
    return responder()
        .get("/api/v1/notifications?incident=" + incident)
        .body()
        .path("items")
        .valueStream()
        .toList();
  }
}
