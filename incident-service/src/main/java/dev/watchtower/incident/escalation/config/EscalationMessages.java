package dev.watchtower.incident.escalation.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.escalation.Escalator;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.notification.ChannelBoard;
import dev.watchtower.incident.notification.ChannelStatus;
import dev.watchtower.incident.notification.Dispatch;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.NoticePlan;
import dev.watchtower.incident.notification.Notices;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Escalations as notices. */
final class EscalationMessages implements Escalator.Messenger {
  private final Notices notices;
  private final ChannelBoard board;
  private final Dispatch dispatch;
  private final Supplier<Catalog> catalog;

  EscalationMessages(
      Notices notices, ChannelBoard board, Dispatch dispatch, Supplier<Catalog> catalog) {
    this.notices = notices;
    this.board = board;
    this.dispatch = dispatch;
    this.catalog = catalog;
  }

  // Who was told in the hours of a route hears of it afterwards too.
  @Override
  public List<Channel> channelsOf(Incident incident, Instant now) {
    var all = catalog.get().notifications();
    var subject = incident.subject();
    var told = notices.told(incident.id());
    var routed = all.channelsFor(subject.service(), subject.env(), incident.severity(), now);
    return all.channels().stream()
        .filter(c -> told.contains(c.name()) || routed.contains(c))
        .toList();
  }

  @Override
  public Optional<Unreached> send(UUID incident, Channel channel, String about, Instant now) {
    var fault = faultOf(channel);
    if (fault.isPresent()) {
      return fault.map(why -> new Unreached(why, false));
    }
    var heldUp = notices.heldUp(incident, channel.name(), now);
    var planned = new NoticePlan.Planned(channel.name(), Notice.Kind.ESCALATION, about, null);
    notices
        .add(incident, planned, now)
        .ifPresent(notice -> dispatch.deliver(channel.name(), notice));
    // What waits says the newest from now on; but nobody has been reached by it.
    return heldUp.map(why -> new Unreached("an earlier message still waits there, " + why, true));
  }

  private Optional<String> faultOf(Channel channel) {
    return Optional.of(board.of(channel))
        .filter(c -> c.state() != ChannelStatus.State.OK)
        .map(c -> Objects.requireNonNullElse(c.reason(), "it is broken"));
  }
}
