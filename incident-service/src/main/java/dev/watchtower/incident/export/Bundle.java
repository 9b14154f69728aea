package dev.watchtower.incident.export;

import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.postmortem.ActionItem;
import dev.watchtower.incident.postmortem.Postmortem;
import dev.watchtower.incident.remediation.Repair;
import dev.watchtower.incident.timeline.Verification;
import java.time.Instant;
import java.util.List;

/**
 * Everything that is known of one incident.
 *
 * @param complete false if something was left out because there was more of it than the bounds of
 *     {@link BundleDesk} let through
 * @param incident with its signals, responders and tasks
 * @param timeline with the hashes, the oldest first
 * @param verification what the service itself says of the timeline's chain
 * @param statusUpdates drafts and discarded ones too
 * @param postmortem its revisions, the newest first
 */
public record Bundle(
    Instant exportedAt,
    boolean complete,
    IncidentView incident,
    List<TimelineEntry> timeline,
    Verification verification,
    List<StatusUpdate> statusUpdates,
    List<Repair> remediations,
    List<Notice> notifications,
    List<Postmortem> postmortem,
    List<ActionItem> actionItems) {}
