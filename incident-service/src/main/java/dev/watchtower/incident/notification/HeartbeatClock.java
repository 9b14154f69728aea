package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.catalog.Notifications.Heartbeat;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Sends, at the times of the catalog's heartbeat, a message to the channels that says that messages
 * arrive, through the queues that all messages go through. A time that passed while nothing ran is
 * made up for, once; of several replicas one sends.
 */
public final class HeartbeatClock {
  /** Remembers for which time the latest one was sent. */
  public interface Slots {
    /**
     * Takes a slot.
     *
     * @return whether it is later than the latest that was taken; not for the very first one
     */
    boolean take(Instant slot);
  }

  private final Slots slots;
  private final Notices notices;
  private final Dispatch dispatch;
  private final Transactions transactions;
  private final Supplier<Catalog> catalog;

  /** A clock. */
  public HeartbeatClock(
      Slots slots,
      Notices notices,
      Dispatch dispatch,
      Transactions transactions,
      Supplier<Catalog> catalog) {
    this.slots = slots;
    this.notices = notices;
    this.dispatch = dispatch;
    this.transactions = transactions;
    this.catalog = catalog;
  }

  /** Sends what is due at {@code now}. */
  public void look(Instant now) {
    var all = catalog.get().notifications();
    var heartbeat = all.heartbeat();
    if (heartbeat != null) {
      transactions.retrying(() -> {
        if (slots.take(heartbeat.latest(now))) {
          send(all, heartbeat, now);
        }
        return true;
      });
    }
  }

  private void send(Notifications all, Heartbeat heartbeat, Instant now) {
    var about =
        heartbeat.day() == null
            ? "the daily sign that alerts arrive here"
            : "the weekly sign that alerts arrive here";
    for (var channel : all.channels()) {
      boolean asked =
          heartbeat.channels().isEmpty()
              ? channel.isConfigured()
              : heartbeat.channels().contains(channel.name());
      if (asked) {
        send(channel, about, now);
      }
    }
  }

  private void send(Channel channel, String about, Instant now) {
    var notice = Notice.test(UUID.randomUUID(), channel.name(), about, now);
    if (channel.isConfigured()) {
      notices.record(notice);
      dispatch.deliver(channel.name(), notice.id());
    } else {
      var why = "the channel '" + channel.name() + "' has no address";
      notices.record(notice.settled(Notice.State.SKIPPED, why, null, now));
    }
  }
}
