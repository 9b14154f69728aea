package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.notification.IncidentCard;
import dev.watchtower.incident.notification.Notice;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Makes a notice's message from the incident as it stands at that moment. */
final class NoticeContent {
  private final Function<UUID, Optional<Incident>> incidents;
  private final Function<UUID, Optional<AnalysisView>> analyses;
  private final Function<UUID, String> repairs;
  private final String publicUrl;

  NoticeContent(
      Function<UUID, Optional<Incident>> incidents,
      Function<UUID, Optional<AnalysisView>> analyses,
      Function<UUID, String> repairs,
      String publicUrl) {
    this.incidents = incidents;
    this.analyses = analyses;
    this.repairs = repairs;
    this.publicUrl = publicUrl;
  }

  Map<String, Object> messageFor(Notice notice, Catalog.Channel channel) {
    var incident = incidents.apply(notice.incident()).orElseThrow();
    var card =
        IncidentCard.of(
            incident,
            analyses.apply(notice.incident()),
            repairs.apply(notice.incident()),
            publicUrl);
    return switch (notice.kind()) {
      case RESOLVED -> DiscordMessage.resolution(card);
      case ESCALATION -> DiscordMessage.escalation(card, notice.about(), channel.mentionRole());
      case OPENED, EDIT -> DiscordMessage.card(card, channel.mentionRole());
    };
  }

  /** Whether what the notice asks people for is not needed any more. */
  boolean isOvertaken(Notice notice) {
    return notice.kind() == Notice.Kind.ESCALATION
        && incidents
            .apply(notice.incident())
            .filter(i -> !i.isResolved() && i.state() != IncidentState.MITIGATED)
            .isEmpty();
  }
}
