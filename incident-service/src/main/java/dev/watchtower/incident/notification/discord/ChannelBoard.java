package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.incident.notification.ChannelStatus;
import dev.watchtower.incident.notification.Notices;
import java.util.List;
import java.util.function.Supplier;

/** How it stands with every channel of the catalog. */
public final class ChannelBoard {
  private final Notices notices;
  private final Supplier<Catalog> catalog;

  /** A board. */
  public ChannelBoard(Notices notices, Supplier<Catalog> catalog) {
    this.notices = notices;
    this.catalog = catalog;
  }

  /** The channels, in the catalog's order. */
  public List<ChannelStatus> channels() {
    var waiting = notices.waiting();
    return catalog.get().channels().stream()
        .map(channel -> status(channel, waiting.getOrDefault(channel.name(), 0L)))
        .toList();
  }

  private ChannelStatus status(Catalog.Channel channel, long waiting) {
    if (channel.url().isEmpty()) {
      return new ChannelStatus(
          channel.name(),
          channel.kind(),
          ChannelStatus.State.NOT_CONFIGURED,
          waiting,
          "no address: set the channel's url in the catalog (DISCORD_WEBHOOK_URL)",
          null);
    }
    return notices
        .fault(channel.name())
        .filter(fault -> fault.address().equals(Digests.of(channel.url())))
        .map(fault ->
            new ChannelStatus(
                channel.name(),
                channel.kind(),
                ChannelStatus.State.BROKEN,
                waiting,
                fault.reason(),
                fault.since()))
        .orElseGet(() ->
            new ChannelStatus(
                channel.name(), channel.kind(), ChannelStatus.State.OK, waiting, null, null));
  }
}
