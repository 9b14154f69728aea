package dev.watchtower.monitor.fallback.discord;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an answer of Discord means. */
sealed interface DiscordReply {
  /** Done; the id of the message. */
  record Sent(@Nullable String messageId) implements DiscordReply {}

  /** Try again after the pause. */
  record Again(String reason, Duration pause) implements DiscordReply {}

  /** The webhook is gone or refuses us. */
  record ChannelBroken(String reason) implements DiscordReply {}

  /** This message will never be taken. */
  record Dropped(String reason) implements DiscordReply {}

  /** The longest pause after failures. */
  Duration LONGEST = Duration.ofMinutes(5);

  /**
   * Reads an answer.
   *
   * @param messageId {@code id} in the body, where there is one
   * @param retryAfter seconds that the body or the header asks for, where they do
   * @param attempt failed attempts before this one
   * @param edit whether it was an edit, whose 404 means that the message was deleted
   */
  static DiscordReply of(
      int status,
      @Nullable String messageId,
      @Nullable Double retryAfter,
      int attempt,
      boolean edit) {
    if (status / 100 == 2) {
      return new Sent(messageId);
    }
    if (status == 429) {
      return new Again(
          "rate limited",
          Duration.ofMillis(
              Math.round(Math.clamp(retryAfter == null ? 1 : retryAfter, 0.05, 3600) * 1000)));
    }
    if (status / 100 == 5 || status == 408) {
      return new Again("status " + status, backOff(attempt));
    }
    if (status == 404 && edit) {
      return new Dropped("the message was deleted in Discord");
    }
    if (status == 404 || status == 401 || status == 403 || status == 410) {
      return new ChannelBroken("Discord answers " + status + ": the webhook is gone or refused");
    }
    if (status / 100 == 3) {
      return new ChannelBroken(
          "Discord answers " + status + ", a redirect: set the address where it leads");
    }
    return new Dropped("Discord answers " + status);
  }

  /** 1 s, 2 s, 4 s … up to {@link #LONGEST}. */
  static Duration backOff(int attempt) {
    var pause = Duration.ofSeconds(1L << Math.min(attempt, 12));
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }
}
