package dev.watchtower.analysis.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the service; what belongs to an installation is in the catalog.
 *
 * @param instance name of this service's place, the same after a restart
 * @param workers analyses at the same time, 1 to 4 make sense
 * @param queue analyses that may wait
 * @param evidenceLimit longest time for collecting evidence
 * @param followUpAfter how long after a thin first look the second is made
 * @param sweepEvery how often the store is asked for what is due
 * @param retention how long analyses are kept after their end, a day at least
 */
@ConfigurationProperties("watchtower.analysis")
record AnalysisProperties(
    @DefaultValue("analysis") String instance,
    @DefaultValue("3") int workers,
    @DefaultValue("64") int queue,
    @DefaultValue("3s") Duration evidenceLimit,
    @DefaultValue("15s") Duration followUpAfter,
    @DefaultValue("1s") Duration sweepEvery,
    @DefaultValue("400d") Duration retention,
    @DefaultValue Model model) {
  /**
   * The model's limits.
   *
   * @param tokensPerDay tokens that may be spent in a day (UTC)
   * @param answerTokens the most tokens of one answer, thoughts included; 0 sends no limit, at most
   *     131,072
   */
  record Model(@DefaultValue("2000000") long tokensPerDay, @DefaultValue("4096") int answerTokens) {
    private static final int MOST_ANSWER = 128 * 1024;

    Model {
      if (answerTokens < 0 || answerTokens > MOST_ANSWER) {
        throw new IllegalArgumentException(
            "watchtower.analysis.model.answer-tokens: expected 0..%d, found %d"
                .formatted(MOST_ANSWER, answerTokens));
      }
    }
  }
}
