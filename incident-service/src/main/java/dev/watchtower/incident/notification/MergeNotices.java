package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has those who were told of an incident hear of the one that it was merged into, whatever that
 * one's own routes and mutes say: else the end of the first would be the last that they hear. In
 * the caller's transaction; thread-safe.
 */
public final class MergeNotices {
  private final Notices notices;
  private final Supplier<Catalog> catalog;
  private final Dispatch dispatch;
  private final Consumer<UUID> unmute;

  /**
   * Of notices that {@code dispatch} delivers.
   *
   * @param unmute forgets that an incident is muted: nobody waits any more to be told of it
   */
  public MergeNotices(
      Notices notices, Supplier<Catalog> catalog, Dispatch dispatch, Consumer<UUID> unmute) {
    this.notices = notices;
    this.unmute = unmute;
    this.catalog = catalog;
    this.dispatch = dispatch;
  }

  /** Writes down the messages that {@code target} took {@code source} in. */
  public void tookIn(Incident source, Incident target, Instant now) {
    var told = notices.told(source.id());
    if (told.isEmpty()) {
      return;
    }
    var channels = catalog.get().notifications();
    var toldOfTarget = notices.told(target.id());
    var plan = NoticePlan.tookIn(source, channels, told, toldOfTarget);
    // Who does not hear of it by these is told when the mute ends.
    if (NoticePlan.reachesAll(plan, target, channels, toldOfTarget, now)) {
      unmute.accept(target.id());
    }
    for (var planned : plan) {
      var added = notices.add(target.id(), planned, now);
      if (planned.skipped() == null) {
        added.ifPresent(id -> dispatch.deliver(planned.channel(), id));
      }
    }
  }
}
