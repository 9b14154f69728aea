package dev.watchtower.common.live;

/**
 * A part of a service that wants to know what is listened to, or that serves some destinations
 * itself.
 */
public interface LiveInterest {
  /**
   * Whether subscriptions to {@code destination} are served by this interest through {@link
   * LiveSubscription#send} instead of by what is published there.
   */
  default boolean serves(String destination) {
    return false;
  }

  /**
   * A subscription begins.
   *
   * @throws IllegalArgumentException to refuse it; the message goes to the subscriber
   */
  void subscribed(LiveSubscription subscription);

  /** It is over. */
  void unsubscribed(LiveSubscription subscription);
}
