package dev.watchtower.incident.postmortem.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.CauseVerdict;
import dev.watchtower.incident.postmortem.Verdicts;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClientException;

/** Verdicts from the peer {@code analysis}, given up after {@link #LIMIT}. */
public final class AnalysisVerdicts implements Verdicts.Source {
  static final Duration LIMIT = Duration.ofSeconds(3);

  /** What comes back; from elsewhere, so anything may be missing. */
  record Answer(@Nullable List<CauseVerdict> items) {}

  private final Peers peers;

  /** Asks the peer each time. */
  public AnalysisVerdicts(Peers peers) {
    this.peers = peers;
  }

  private static boolean isWhole(CauseVerdict verdict) {
    return verdict != null && verdict.verdict() != null && verdict.actor() != null;
  }

  @Override
  public Verdicts of(UUID incident) {
    try {
      var answer =
          peers
              .client("analysis", LIMIT)
              .get()
              .uri("/api/v1/feedback?incident={id}", incident)
              .retrieve()
              .body(Answer.class);
      return answer == null || answer.items() == null
          ? Verdicts.unknown("analysis-service said nothing that can be read")
          : new Verdicts(answer.items().stream().filter(AnalysisVerdicts::isWhole).toList(), null);
    } catch (RestClientException e) {
      return Verdicts.unknown("analysis-service did not answer");
    }
  }
}
