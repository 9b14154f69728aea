package dev.watchtower.incident.notification;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a channel.
 *
 * @param waiting how many messages wait for it
 * @param reason why it is broken or not configured, what keeps the messages that wait, or what was
 *     missing of the last one
 * @param since when it broke, or from when on the first message waits that was tried in vain
 */
public record ChannelStatus(
    String name,
    String kind,
    State state,
    long waiting,
    @Nullable String reason,
    @Nullable Instant since) {

  /** Whether messages go out. */
  public enum State {
    OK,
    /** The catalog gives no address: nothing is sent, and nothing waits. */
    NOT_CONFIGURED,
    /** The channel said that it is gone; nothing is sent until its address changes. */
    BROKEN
  }
}
