package dev.watchtower.incident.signals.web;

import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.signals.Effect;
import dev.watchtower.incident.signals.SignalDesk;
import dev.watchtower.incident.signals.SignalDesk.Taken;
import dev.watchtower.incident.signals.SignalPolicy;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/signals}: 202 when the signal is stored, 200 when it was known. */
@RestController
@RequestMapping("/api/v1/signals")
class SignalController {
  /**
   * What became of a signal.
   *
   * @param effect OPENED, JOINED, CLEARED, IGNORED, or REPEATED
   * @param reason why it was ignored
   * @param incident the incident it touched; of what was ignored or repeated the one that has its
   *     fingerprint, if there is one
   * @param late whether it came after its {@code deliverBy} by the clock here, so that its sender
   *     is to tell people: the sender's clock may say that it was in time
   */
  @Schema(name = "TakenSignal")
  record Answer(
      UUID id, String effect, @Nullable String reason, @Nullable UUID incident, boolean late) {}

  private final SignalDesk desk;
  private final Clock clock;

  SignalController(SignalDesk desk, Clock clock) {
    this.desk = desk;
    this.clock = clock;
  }

  /** An answer and its status. */
  record Told(int status, Answer answer) {}

  /**
   * Takes it.
   *
   * @param failure what came of it on the short way, if it was tried there
   */
  @PostMapping
  @ApiResponse(responseCode = "202", description = "Stored", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "200", description = "Known already", useReturnTypeSchema = true)
  ResponseEntity<Answer> take(
      @RequestBody Signal body,
      @RequestAttribute(name = SignalDoor.FAILURE, required = false)
          @Nullable RuntimeException failure) {
    var sender = Caller.claims().subject();
    var signal = Senders.believed(sender, SignalChecks.checked(body));
    if (failure != null) {
      throw failure;
    }
    var told =
        answer(body.id(), signal, desk.take(signal, sender, clock.instant()), clock.instant());
    return ResponseEntity.status(told.status()).body(told.answer());
  }

  /** What its sender, who calls it {@code id}, is told at {@code now}. */
  static Told answer(UUID id, Signal signal, Taken taken, Instant now) {
    return switch (taken) {
      case Taken.Stored stored ->
          new Told(
              202,
              new Answer(
                  id,
                  stored.effect().word(),
                  stored.effect() instanceof Effect.Ignored i ? i.reason() : null,
                  stored.incident(),
                  stored.late()));
      case Taken.Repeated repeated ->
          new Told(
              200,
              new Answer(
                  id,
                  "REPEATED",
                  "it was taken before",
                  repeated.incident(),
                  SignalPolicy.toldElsewhere(signal, now)));
    };
  }
}
