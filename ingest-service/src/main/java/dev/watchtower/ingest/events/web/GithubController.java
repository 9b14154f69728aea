package dev.watchtower.ingest.events.web;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.events.GithubWebhook;
import dev.watchtower.ingest.events.InvalidEventException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/events/github}: proves itself by its signature instead of a token. */
@RestController
class GithubController {
  private static final int MAX_DELIVERY = 512;

  private final ChangeEvents events;
  private final GithubWebhook webhook;
  private final LazyMigration migration;
  private final Clock clock;
  private final String secret;

  GithubController(
      ChangeEvents events,
      GithubWebhook webhook,
      LazyMigration migration,
      Clock clock,
      @Value("${watchtower.ingest.github-secret:${GITHUB_WEBHOOK_SECRET:}}") String secret) {
    this.events = events;
    this.webhook = webhook;
    this.migration = migration;
    this.clock = clock;
    this.secret = secret;
  }

  @PostMapping("/api/v1/events/github")
  @Operation(
      summary = "GitHub webhooks deployment_status and workflow_run",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(mediaType = "application/json", schema = @Schema(type = "object"))))
  EventsController.Taken add(
      HttpServletRequest request,
      @RequestHeader(name = "X-GitHub-Event", required = false) @Nullable String event,
      @RequestHeader(name = "X-GitHub-Delivery", required = false) @Nullable String delivery,
      @RequestHeader(name = "X-Hub-Signature-256", required = false) @Nullable String signature,
      @RequestBody(required = false) byte @Nullable [] sent) {
    if (secret.isBlank()) {
      throw Problem.of(
          403,
          "github-not-configured",
          "GitHub webhooks are not set up",
          "Set GITHUB_WEBHOOK_SECRET to the secret of the webhook, then ./watchtower down and up;"
              + " in containers docker compose up -d.");
    }
    if (EventsController.isForm(request)) {
      // The ping too: else its tick is green, and no deployment is ever taken.
      throw Problem.of(
          415,
          "unsupported-media-type",
          "A form is not taken here",
          "Set the webhook's Content type to application/json (GitHub's default is a form).");
    }
    var body = sent == null ? new byte[0] : sent;
    if (!GithubWebhook.isSigned(body, signature, secret)) {
      throw Problem.of(
          403,
          "bad-signature",
          "The signature does not fit",
          "X-Hub-Signature-256 must be made with the secret in GITHUB_WEBHOOK_SECRET.");
    }
    if (event == null || delivery == null || delivery.isEmpty()) {
      throw Problem.badField(
          event == null ? "X-GitHub-Event" : "X-GitHub-Delivery", "the header is missing");
    }
    if (delivery.length() > MAX_DELIVERY) {
      throw Problem.badField("X-GitHub-Delivery", "is too long");
    }
    try {
      var read = webhook.read(event, delivery, body, clock.instant());
      if (read.isEmpty()) {
        return new EventsController.Taken(0, 0);
      }
      migration.require();
      var stored = events.add(List.of(read.get()));
      return new EventsController.Taken(stored, 1 - stored);
    } catch (InvalidEventException e) {
      throw Problem.badField(e.path(), String.valueOf(e.getMessage()));
    }
  }
}
