package dev.watchtower.incident.notification;

import dev.watchtower.incident.notification.Notices.Card;
import java.time.Duration;
import java.util.Optional;

/** What came of a message that was handed to a channel. */
public sealed interface Answer {
  /**
   * The channel has it.
   *
   * @param messageId the channel's id of the message
   * @param card the card that it is, to be edited from now on
   * @param pause how long to wait before the next call to the channel, zero for not at all
   * @param but what is missing, and why, to be read after 'sent, but': of the channel's people whom
   *     it does not reach, or of the message what the channel does not take; empty for nothing
   */
  record Sent(String messageId, Optional<Card> card, Duration pause, String but) implements Answer {
    /** All of it, to all. */
    public Sent(String messageId, Optional<Card> card, Duration pause) {
      this(messageId, card, pause, "");
    }
  }

  /**
   * Not yet: too many messages.
   *
   * @param everywhere whether every channel of the kind has to wait
   */
  record Limited(Duration pause, boolean everywhere) implements Answer {}

  /**
   * The channel is not there any more or does not let us in: it must not be called again.
   *
   * @param reason for people, without the address
   */
  record ChannelGone(String reason) implements Answer {}

  /** The channel does not take this message; sending it again changes nothing. */
  record Refused(String reason) implements Answer {}

  /**
   * No usable answer; later it may work.
   *
   * @param mayHaveArrived whether the channel may have the message all the same: it was handed
   *     over, and then the connection broke, say
   * @param pause how long the channel wants to be left alone, zero where it does not say
   */
  record Unavailable(String reason, boolean mayHaveArrived, Duration pause) implements Answer {
    /** The channel does not say how long. */
    public Unavailable(String reason, boolean mayHaveArrived) {
      this(reason, mayHaveArrived, Duration.ZERO);
    }
  }
}
