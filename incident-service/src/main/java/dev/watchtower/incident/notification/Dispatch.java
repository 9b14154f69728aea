package dev.watchtower.incident.notification;

import java.util.UUID;

/**
 * The way from the store of notices to their delivery. Each call is in the caller's transaction.
 */
public interface Dispatch {
  /** Delivers the notice after those that were handed over for the channel before. */
  void deliver(String channel, UUID notice);

  /**
   * After the commit, has what waits for the channel tried at once, whatever it was to wait for.
   */
  void hurry(String channel);
}
