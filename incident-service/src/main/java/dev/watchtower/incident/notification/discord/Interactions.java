package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.Notifications.DiscordApplication;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.TransitionTable;
import dev.watchtower.incident.notification.SeenInteractions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what Discord sends when somebody presses a button below a card. The catalog says who may;
 * the answers are seen by that one only. The card itself is edited as with any change. Thread-safe.
 */
public final class Interactions {
  private static final int PING = 1;
  private static final int PRESSED = 3;
  private static final int PONG = 1;
  private static final int MESSAGE = 4;
  private static final int ONLY_FOR_THE_ONE_WHO_PRESSED = 1 << 6;

  /** What to answer. */
  public sealed interface Reply {
    /** With this JSON. */
    record Json(Map<String, Object> body) implements Reply {}

    /**
     * Somebody pressed a button; nothing is done yet, so that it can be noted before who does it.
     *
     * @param what the button's event and its incident
     * @param deed does it, or not, and says what to answer
     */
    record Pressed(Presser by, String what, UUID incident, Supplier<Map<String, Object>> deed)
        implements Reply {}

    /** The request is not Discord's, or not fresh. */
    record Untrusted() implements Reply {}

    /** No application is configured. */
    record NotConfigured() implements Reply {}

    /** It is not an interaction. */
    record Unreadable() implements Reply {}
  }

  private final IncidentDesk desk;
  private final SeenInteractions seen;
  private final Supplier<DiscordApplication> application;
  private final Predicate<String> revoked;
  private final JsonMapper json;

  /**
   * Interactions with the catalog's application.
   *
   * @param revoked whether a user, as {@code user:NAME}, may not work on incidents
   */
  public Interactions(
      IncidentDesk desk,
      SeenInteractions seen,
      Supplier<DiscordApplication> application,
      Predicate<String> revoked,
      JsonMapper json) {
    this.desk = desk;
    this.seen = seen;
    this.application = application;
    this.revoked = revoked;
    this.json = json;
  }

  /**
   * What to answer to a request.
   *
   * @param signature the header {@code X-Signature-Ed25519}
   * @param timestamp the header {@code X-Signature-Timestamp}
   * @param body as it came, byte for byte
   */
  public Reply answer(String signature, String timestamp, byte[] body, Instant now) {
    var known = application.get();
    if (!known.isConfigured()) {
      return new Reply.NotConfigured();
    }
    if (!InteractionSignature.isGood(known.publicKey(), signature, timestamp, body, now)) {
      return new Reply.Untrusted();
    }
    JsonNode interaction;
    try {
      interaction = json.readTree(body);
    } catch (JacksonException e) {
      return new Reply.Unreadable();
    }
    return switch (interaction.path("type").asInt(0)) {
      case PING -> new Reply.Json(Map.of("type", PONG));
      case PRESSED -> pressed(interaction, known, now);
      default -> new Reply.Unreadable();
    };
  }

  private Reply pressed(JsonNode interaction, DiscordApplication known, Instant now) {
    var id = interaction.path("id").asString("");
    var pressed = Buttons.pressed(interaction.path("data").path("custom_id").asString(""));
    if (!id.matches("\\d{1,20}") || pressed.isEmpty()) {
      return new Reply.Unreadable();
    }
    var presser = Presser.of(interaction);
    var what = pressed.get().event() + " " + pressed.get().incident();
    return new Reply.Pressed(
        presser,
        what,
        pressed.get().incident(),
        () -> answerTo(presser, id, pressed.get(), known, now));
  }

  private Map<String, Object> answerTo(
      Presser presser, String id, Buttons.Pressed pressed, DiscordApplication known, Instant now) {
    var person = Optional.ofNullable(known.responders().get(presser.id()));
    if (person.isEmpty()) {
      return tell(
          "You are not a responder here. An administrator can add your Discord id %s to notifications.discord-application.responders in the catalog."
              .formatted(presser.id()));
    }
    if (revoked.test("user:" + person.get().toLowerCase(Locale.ROOT))) {
      return tell(
          "%s may not work on incidents: the user is disabled or only looks on. An administrator can change that on the page Admin."
              .formatted(person.get()));
    }
    if (!seen.isFirst(id, now)) {
      return tell("This was done already.");
    }
    return move(pressed, person.get(), now);
  }

  private Map<String, Object> move(Buttons.Pressed pressed, String person, Instant now) {
    var command =
        new Command(pressed.event(), Actor.person(person), "pressed in Discord", null, now);
    return desk.transition(pressed.incident(), command)
        .map(decision ->
            switch (decision) {
              case Decision.Moved moved ->
                  tell("#%d is %s now.".formatted(moved.after().number(), moved.after().state()));
              case Decision.Illegal taken
                  when pressed.event() == IncidentEvent.ACKNOWLEDGE
                      && Buttons.isForAcknowledging(taken.incident().state()) ->
                  onIt(taken.incident(), person, now);
              case Decision.Refused refused -> tell(refusal(refused, pressed));
            })
        .orElseGet(() -> tell("There is no such incident any more."));
  }

  // It was taken up before: a note by name says the same, and stops what escalates again.
  private Map<String, Object> onIt(Incident incident, String person, Instant now) {
    var unused =
        desk.annotate(
            incident.id(), person + " is on it (pressed in Discord)", Actor.person(person), now);
    return tell(
        "#%d is %s: it is noted that you are on it."
            .formatted(incident.number(), incident.state()));
  }

  private static String refusal(Decision.Refused refused, Buttons.Pressed pressed) {
    var incident = refused.incident();
    var allowed =
        TransitionTable.allowedFor(incident.state()).stream()
            .map(Enum::name)
            .collect(Collectors.joining(", "));
    return "#%d is %s: %s is not possible now. %s"
        .formatted(
            incident.number(),
            incident.state(),
            pressed.event(),
            allowed.isEmpty() ? "It does not change any more." : "Possible is: " + allowed + ".");
  }

  private static Map<String, Object> tell(String text) {
    return Map.of(
        "type",
        MESSAGE,
        "data",
        Map.of(
            "content",
            DiscordText.fit(text, DiscordMessage.CONTENT),
            "flags",
            ONLY_FOR_THE_ONE_WHO_PRESSED,
            "allowed_mentions",
            Map.of("parse", List.of())));
  }
}
