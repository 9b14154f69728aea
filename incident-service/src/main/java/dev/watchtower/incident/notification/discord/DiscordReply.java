package dev.watchtower.incident.notification.discord;

import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.http.Replies;
import java.time.Duration;

/** What came of a call to a webhook of Discord. */
sealed interface DiscordReply {
  /**
   * Done.
   *
   * @param pause how long to wait before the next call to the webhook, zero for not at all
   */
  record Done(String messageId, Duration pause) implements DiscordReply {}

  /**
   * 429.
   *
   * @param global whether every webhook of this host has to wait
   */
  record Limited(Duration pause, boolean global) implements DiscordReply {}

  /** The message is not there any more. */
  record MessageGone() implements DiscordReply {}

  /**
   * The webhook is not there any more, does not let us in or leads elsewhere: it must not be called
   * again.
   *
   * @param status 0: its address is none
   */
  record WebhookGone(int status) implements DiscordReply {
    /** The same for a channel. */
    Answer.ChannelGone answer() {
      return status == 0 ? Replies.notAnAddress() : Replies.gone(DiscordWebhook.WHO, status);
    }
  }

  /**
   * Discord does not take this message; sending it again changes nothing.
   *
   * @param status 200: the answer is none of Discord's
   */
  record Refused(int status, String reason) implements DiscordReply {}

  /**
   * No usable answer; later it may work.
   *
   * @param mayHaveArrived whether Discord may have the message all the same
   * @param pause how long to leave the webhook alone, zero where that is not said
   */
  record Unavailable(String reason, boolean mayHaveArrived, Duration pause)
      implements DiscordReply {}
}
