package dev.watchtower.analysis.run;

import dev.watchtower.common.wire.AnalysisRequest;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.CauseVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The analyses, kept. Each method is one transaction; all are safe for several threads. */
public interface Analyses {
  /**
   * Enters a request; for an incident whose analysis runs already, that one. A second look that
   * waits for its time is brought forward. One that tells of no change of the incident gets the
   * time of the last one.
   *
   * @param key the same each time this request is delivered: the analysis that answered it the
   *     first time does so again; null for a request that is new each time
   * @return the id of the analysis that answers it, or will
   */
  UUID request(AnalysisRequest request, @Nullable UUID key, Instant now);

  /** Takes an analysis to work on, if nobody else has it; the claim ends at {@code until}. */
  Optional<Work> claim(UUID id, Instant now, Instant until);

  /** Ids of analyses that are due and held by nobody, the oldest first. */
  List<UUID> due(Instant now, int most);

  /** Frees what an earlier process of the same name held when it ended. */
  void releaseOrphans();

  /**
   * Keeps the result and puts it on its way to incident-service; with {@code secondLook}, enters
   * another analysis of the incident for then.
   */
  void finish(AnalysisView view, @Nullable Instant secondLook, Instant now);

  /** Ends an analysis that cannot be made, without telling anybody. */
  void abandon(UUID id, AnalysisView view, Instant now);

  /** Gives an analysis back, to be tried again after {@code delay}. */
  void postpone(UUID id, Instant now, Duration delay);

  /** An analysis that was asked for. */
  Optional<AnalysisView> find(UUID id);

  /** The analyses of an incident, the newest first, at most {@code most}. */
  List<AnalysisView> ofIncident(UUID incident, int most);

  /**
   * Keeps feedback.
   *
   * @return false if there is no such analysis
   */
  boolean feedback(Feedback feedback);

  /**
   * Removes analyses that were over before {@code before}, with what was said of them, the oldest
   * first and at most {@code most}; how many.
   */
  int remove(Instant before, int most);

  /** What people said of the analyses of an incident, in their order, the last {@code most}. */
  List<CauseVerdict> verdicts(UUID incident, int most);
}
