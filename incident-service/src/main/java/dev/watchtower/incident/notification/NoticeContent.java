package dev.watchtower.incident.notification;

import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.notification.IncidentCard.End;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/** Says what a notice tells, from the incident as it stands at that moment. */
public final class NoticeContent {
  private final Function<UUID, Optional<Incident>> incidents;
  private final Function<UUID, Optional<AnalysisView>> analyses;
  private final Function<UUID, String> repairs;
  private final Predicate<UUID> isTaken;
  private final Function<UUID, Optional<UUID>> mergedInto;
  private final String publicUrl;

  /**
   * Contents.
   *
   * @param repairs the last repair of an incident, empty for none
   * @param isTaken whether the escalation of an incident has stopped because somebody is on it
   * @param mergedInto the incident that another one was merged into
   * @param publicUrl where people reach the dashboard, without a slash at its end
   */
  public NoticeContent(
      Function<UUID, Optional<Incident>> incidents,
      Function<UUID, Optional<AnalysisView>> analyses,
      Function<UUID, String> repairs,
      Predicate<UUID> isTaken,
      Function<UUID, Optional<UUID>> mergedInto,
      String publicUrl) {
    this.incidents = incidents;
    this.analyses = analyses;
    this.repairs = repairs;
    this.isTaken = isTaken;
    this.mergedInto = mergedInto;
    this.publicUrl = publicUrl;
  }

  /** What is to be said of the notice's incident; empty if it is about none. */
  public Optional<IncidentCard> cardFor(Notice notice) {
    var id = notice.incident();
    return id == null
        ? Optional.empty()
        : incidents
            .apply(id)
            .map(i ->
                IncidentCard.of(i, analyses.apply(id), repairs.apply(id), endOf(i), publicUrl));
  }

  private End endOf(Incident incident) {
    if (!incident.isResolved()) {
      return End.USUAL;
    }
    return mergedInto
        .apply(incident.id())
        .flatMap(incidents)
        .map(into -> End.mergedInto(into.number()))
        .orElse(incident.marks().mitigated() == null ? End.FALSE_ALARM : End.USUAL);
  }

  /** Why what the notice asks people for is not needed any more; empty if it is. */
  public Optional<String> overtaken(Notice notice) {
    var id = notice.incident();
    boolean calls = notice.kind() == Notice.Kind.ESCALATION || notice.kind() == Notice.Kind.WORSE;
    if (id == null || !calls) {
      return Optional.empty();
    }
    var lasting =
        incidents.apply(id).filter(i -> !i.isResolved() && i.state() != IncidentState.MITIGATED);
    if (lasting.isEmpty()) {
      return Optional.of("it is over already");
    }
    boolean taken =
        notice.kind() == Notice.Kind.ESCALATION
            && (isTaken.test(id) || isAcknowledgedSince(lasting.get(), notice));
    return taken ? Optional.of("somebody is on it already") : Optional.empty();
  }

  // Where no policy keeps a timer only the first acknowledgement tells.
  private static boolean isAcknowledgedSince(Incident incident, Notice notice) {
    var at = incident.marks().acknowledged();
    return at != null && at.isAfter(notice.createdAt());
  }
}
