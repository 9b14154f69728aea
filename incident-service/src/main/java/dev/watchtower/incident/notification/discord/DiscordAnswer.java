package dev.watchtower.incident.notification.discord;

import java.time.Duration;

/** What came of a call to a webhook. */
sealed interface DiscordAnswer {
  /**
   * Done.
   *
   * @param pause how long to wait before the next call to the webhook, zero for not at all
   */
  record Sent(String messageId, Duration pause) implements DiscordAnswer {}

  /**
   * 429.
   *
   * @param global whether every webhook of this host has to wait
   */
  record Limited(Duration pause, boolean global) implements DiscordAnswer {}

  /** The message to edit is not there any more. */
  record MessageGone() implements DiscordAnswer {}

  /** The webhook is not there any more or does not let us in: it must not be called again. */
  record WebhookGone(int status) implements DiscordAnswer {}

  /** Discord does not take this message; sending it again changes nothing. */
  record Refused(int status) implements DiscordAnswer {}

  /** No usable answer; later it may work. */
  record Unavailable(String reason) implements DiscordAnswer {}
}
