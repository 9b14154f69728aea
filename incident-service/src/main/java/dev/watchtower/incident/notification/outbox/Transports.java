package dev.watchtower.incident.notification.outbox;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Transport;
import java.util.List;

/** The transports of all kinds. Thread-safe. */
final class Transports {
  private final List<Transport<?>> all;

  Transports(List<Transport<?>> all) {
    this.all = List.copyOf(all);
  }

  /** Hands a message to the channel. */
  Answer send(Channel channel, Letter letter) {
    for (var transport : all) {
      if (transport.type().isInstance(channel)) {
        return send(transport, channel, letter);
      }
    }
    return new Answer.Refused("nothing sends to channels of the kind " + channel.kind());
  }

  private static <C extends Channel> Answer send(
      Transport<C> transport, Channel channel, Letter letter) {
    return transport.send(transport.type().cast(channel), letter);
  }
}
