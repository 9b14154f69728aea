package dev.watchtower.incident.statusupdate.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.StatusUpdate.State;
import dev.watchtower.incident.lifecycle.web.Answers;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.lifecycle.web.Refusals;
import dev.watchtower.incident.statusupdate.PublicWord;
import dev.watchtower.incident.statusupdate.StatusDesk;
import java.time.Clock;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What the public is told about an incident: drafts, and what was published. */
@RestController
@RequestMapping("/api/v1/incidents/{id}/status-updates")
class StatusUpdateController {
  private static final int MAX_BODY = 4000;

  /** An update as a person writes it; {@code publish} leaves no draft but tells at once. */
  record Writing(@Nullable String status, @Nullable String body, @Nullable Boolean publish) {}

  private final StatusDesk desk;
  private final Clock clock;

  StatusUpdateController(StatusDesk desk, Clock clock) {
    this.desk = desk;
    this.clock = clock;
  }

  @GetMapping
  PageOf<StatusUpdate> list(@PathVariable UUID id) {
    return new PageOf<>(desk.list(id).orElseThrow(() -> Refusals.unknown(id)), null);
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  StatusUpdate write(@PathVariable UUID id, @RequestBody Writing writing) {
    var state = Boolean.TRUE.equals(writing.publish()) ? State.PUBLISHED : State.DRAFT;
    return Answers.of(
        id, desk.write(id, word(writing), body(writing), state, Caller.actor(), clock.instant()));
  }

  @PutMapping("/{updateId}")
  StatusUpdate reword(
      @PathVariable UUID id, @PathVariable UUID updateId, @RequestBody Writing writing) {
    return Answers.of(id, desk.reword(id, updateId, word(writing), body(writing), Caller.actor()));
  }

  @PostMapping("/{updateId}/publish")
  StatusUpdate publish(@PathVariable UUID id, @PathVariable UUID updateId) {
    return Answers.of(id, desk.publish(id, updateId, Caller.actor(), clock.instant()));
  }

  @PostMapping("/{updateId}/discard")
  StatusUpdate discard(@PathVariable UUID id, @PathVariable UUID updateId) {
    return Answers.of(id, desk.discard(id, updateId));
  }

  private static PublicWord word(Writing writing) {
    return Arrays.stream(PublicWord.values())
        .filter(word -> word.word().equals(writing.status()))
        .findFirst()
        .orElseThrow(() ->
            Problem.badField(
                "status", "expected investigating, identified, monitoring or resolved"));
  }

  private static String body(Writing writing) {
    return Input.line("body", writing.body(), MAX_BODY);
  }
}
