package dev.watchtower.analysis.ranking;

import java.util.List;

/**
 * A service that may be the cause.
 *
 * @param score comparable within one ranking; higher is more suspicious
 * @param deviations what it shows, the most telling first; never empty
 * @param explainedBy services it calls that explain its symptoms
 */
public record Suspect(
    String service, double score, List<Deviation> deviations, List<String> explainedBy) {
  public Suspect {
    deviations = List.copyOf(deviations);
    explainedBy = List.copyOf(explainedBy);
    if (deviations.isEmpty()) {
      throw new IllegalArgumentException("a suspect shows at least one deviation");
    }
  }

  /** What it shows most. */
  public Deviation main() {
    return deviations.getFirst();
  }
}
