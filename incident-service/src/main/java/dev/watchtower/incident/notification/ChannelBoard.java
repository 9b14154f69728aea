package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.notification.Notices.First;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    var first = notices.first();
    return catalog.get().notifications().channels().stream()
        .map(channel -> status(channel, waiting.getOrDefault(channel.name(), 0L), first))
        .toList();
  }

  /** How it stands with one, without what waits for it. */
  public ChannelStatus of(Channel channel) {
    return status(channel, 0, Map.of());
  }

  private ChannelStatus status(Channel channel, long waiting, Map<String, First> first) {
    var name = channel.name();
    var kind = channel.kind();
    if (!channel.isConfigured()) {
      return new ChannelStatus(
          name,
          kind,
          ChannelStatus.State.NOT_CONFIGURED,
          waiting,
          "no address: " + channel.missing(),
          null);
    }
    return notices
        .fault(name)
        .filter(fault -> fault.isOf(channel))
        .map(fault ->
            new ChannelStatus(
                name, kind, ChannelStatus.State.BROKEN, waiting, fault.reason(), fault.since()))
        .or(() ->
            Optional.ofNullable(first.get(name))
                .flatMap(held ->
                    held.why()
                        .map(why ->
                            new ChannelStatus(
                                name, kind, ChannelStatus.State.OK, waiting, why, held.since()))))
        .orElseGet(() ->
            new ChannelStatus(
                name,
                kind,
                ChannelStatus.State.OK,
                waiting,
                notices.missing(name).map("the last message was sent, but "::concat).orElse(null),
                null));
  }
}
