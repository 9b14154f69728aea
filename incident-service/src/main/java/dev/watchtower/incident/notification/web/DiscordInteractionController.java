package dev.watchtower.incident.notification.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.notification.discord.Interactions;
import dev.watchtower.incident.notification.discord.Interactions.Reply;
import java.time.Clock;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /api/v1/discord/interactions}: what people press in Discord. Open to anybody, as far
 * as tokens go: Discord's signature takes their place.
 */
@RestController
class DiscordInteractionController {
  private static final int MAX_BODY = 256 * 1024;

  private final Interactions interactions;
  private final Clock clock;

  DiscordInteractionController(Interactions interactions, Clock clock) {
    this.interactions = interactions;
    this.clock = clock;
  }

  @PostMapping("/api/v1/discord/interactions")
  Map<String, Object> interact(
      @RequestHeader(name = "X-Signature-Ed25519", defaultValue = "") String signature,
      @RequestHeader(name = "X-Signature-Timestamp", defaultValue = "") String timestamp,
      @RequestBody byte[] body) {
    if (body.length > MAX_BODY) {
      throw Problem.badRequest("at most " + MAX_BODY + " bytes");
    }
    return switch (interactions.answer(signature, timestamp, body, clock.instant())) {
      case Reply.Json(var answer) -> answer;
      case Reply.Pressed(var by, var what, var incident, var deed) -> {
        AuditNote.of(what);
        AuditNote.on(incident);
        AuditNote.by(by.actor());
        yield deed.get();
      }
      case Reply.Untrusted() ->
          throw Problem.of(
              401,
              "unauthorized",
              "Not signed by Discord",
              "The signature is not that of the catalog's application, or is too old.");
      case Reply.NotConfigured() ->
          throw Problem.notFound(
              "No application is configured: set notifications.discord-application.public-key.");
      case Reply.Unreadable() ->
          throw Problem.badRequest("expected a ping or a pressed button of Discord");
    };
  }
}
