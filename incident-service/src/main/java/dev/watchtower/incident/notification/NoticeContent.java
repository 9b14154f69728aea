package dev.watchtower.incident.notification;

import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.Incident;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Says what a notice tells, from the incident as it stands at that moment. */
public final class NoticeContent {
  private final Function<UUID, Optional<Incident>> incidents;
  private final Function<UUID, Optional<AnalysisView>> analyses;
  private final Function<UUID, String> repairs;
  private final String publicUrl;

  /**
   * Contents.
   *
   * @param repairs the last repair of an incident, empty for none
   * @param publicUrl where people reach the dashboard, without a slash at its end
   */
  public NoticeContent(
      Function<UUID, Optional<Incident>> incidents,
      Function<UUID, Optional<AnalysisView>> analyses,
      Function<UUID, String> repairs,
      String publicUrl) {
    this.incidents = incidents;
    this.analyses = analyses;
    this.repairs = repairs;
    this.publicUrl = publicUrl;
  }

  /** What is to be said of the notice's incident; empty if it is about none. */
  public Optional<IncidentCard> cardFor(Notice notice) {
    var id = notice.incident();
    return id == null
        ? Optional.empty()
        : incidents
            .apply(id)
            .map(i -> IncidentCard.of(i, analyses.apply(id), repairs.apply(id), publicUrl));
  }

  /** Whether what the notice asks people for is not needed any more. */
  public boolean isOvertaken(Notice notice) {
    var id = notice.incident();
    return notice.kind() == Notice.Kind.ESCALATION
        && id != null
        && incidents
            .apply(id)
            .filter(i -> !i.isResolved() && i.state() != IncidentState.MITIGATED)
            .isEmpty();
  }
}
