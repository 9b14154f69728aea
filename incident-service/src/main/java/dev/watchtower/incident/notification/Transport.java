package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Notifications.Channel;

/**
 * The way into the channels of one kind. Called by several threads at once for different channels,
 * for one message of a channel after the other; every call has a time limit, and no exception that
 * could carry the channel's address leaves it.
 */
public interface Transport<C extends Channel> {
  /** The kind. */
  Class<C> type();

  /** Hands a message over, once. */
  Answer send(C channel, Letter letter);
}
