package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Writes down, with each change of an incident, the messages that it calls for. */
public final class NoticeListener implements IncidentListener {
  /** Hands a notice over for delivery, in the caller's transaction. */
  @FunctionalInterface
  public interface Dispatch {
    /** Delivers the notice after those that were handed over for the channel before. */
    void deliver(String channel, UUID notice);
  }

  private final Notices notices;
  private final Predicate<UUID> muted;
  private final Supplier<Catalog> catalog;
  private final Dispatch dispatch;
  private final InstantSource clock;

  /**
   * A listener.
   *
   * @param muted whether the incident is muted
   */
  public NoticeListener(
      Notices notices,
      Predicate<UUID> muted,
      Supplier<Catalog> catalog,
      Dispatch dispatch,
      InstantSource clock) {
    this.notices = notices;
    this.muted = muted;
    this.catalog = catalog;
    this.dispatch = dispatch;
    this.clock = clock;
  }

  @Override
  public void changed(IncidentChange change) {
    var incident = change.after().id();
    var told = notices.told(incident);
    var now = clock.instant();
    var plan =
        NoticePlan.of(change, catalog.get().notifications(), told, muted.test(incident), now);
    for (var planned : plan) {
      var channel = planned.channel();
      if (channel.isConfigured()) {
        notices
            .add(incident, planned, null, now)
            .ifPresent(id -> dispatch.deliver(channel.name(), id));
      } else if (planned.kind() != Notice.Kind.EDIT) {
        // An edit of a card that nobody sees is no news worth a row.
        notices.add(
            incident,
            planned,
            "the channel '" + channel.name() + "' has no address",
            now);
      }
    }
  }
}
