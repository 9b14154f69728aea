package dev.watchtower.incident.statusupdate;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.Map;

/** Published updates as timeline entries. */
final class StatusEntries {
  private StatusEntries() {}

  static Draft published(StatusUpdate update, Actor actor, Instant now) {
    return new Draft(
        now,
        TimelineKind.STATUS_UPDATE,
        actor,
        "Told the public (%s): %s".formatted(update.status(), update.body()),
        Map.of(
            "updateId", update.id().toString(),
            "status", update.status(),
            "body", update.body()));
  }
}
