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
  private final Notices notices;
  private final Predicate<UUID> muted;
  private final Predicate<UUID> toldElsewhere;
  private final Supplier<Catalog> catalog;
  private final Dispatch dispatch;
  private final InstantSource clock;

  /**
   * A listener.
   *
   * @param muted whether the incident is muted
   * @param toldElsewhere whether who reported the trouble has told people of it itself
   */
  public NoticeListener(
      Notices notices,
      Predicate<UUID> muted,
      Predicate<UUID> toldElsewhere,
      Supplier<Catalog> catalog,
      Dispatch dispatch,
      InstantSource clock) {
    this.notices = notices;
    this.muted = muted;
    this.toldElsewhere = toldElsewhere;
    this.catalog = catalog;
    this.dispatch = dispatch;
    this.clock = clock;
  }

  @Override
  public void changed(IncidentChange change) {
    var incident = change.after().id();
    var audience =
        new NoticePlan.Audience(
            notices.told(incident),
            channel -> notices.isOpening(incident, channel),
            () -> toldElsewhere.test(incident));
    var now = clock.instant();
    var plan =
        NoticePlan.of(change, catalog.get().notifications(), audience, muted.test(incident), now);
    for (var planned : plan) {
      var added = notices.add(incident, planned, now);
      if (planned.skipped() == null) {
        added.ifPresent(id -> dispatch.deliver(planned.channel(), id));
      }
    }
  }
}
