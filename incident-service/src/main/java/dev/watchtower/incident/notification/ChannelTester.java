package dev.watchtower.incident.notification;

import java.util.UUID;

/** Tries a channel out. */
public interface ChannelTester {
  /** What came of it. */
  sealed interface Result {
    /** It was tried; the notice says how it went. */
    record Tried(Notice notice) implements Result {}

    /** The catalog has no such channel. */
    record Unknown() implements Result {}
  }

  /**
   * Sends a test message to a channel now, past its queue, and waits for the outcome; that takes as
   * long as the channel's time limits. What waits for the channel is neither sent nor changed by
   * it, but a channel that was broken and takes the message counts as mended.
   *
   * @param id the notice's
   * @param by who wants to know
   */
  Result test(UUID id, String channel, String by);
}
