package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.ingest.golden.ServiceKey;
import java.util.Optional;

/** Models of services as they were saved last, one of each service. For any threads. */
public interface SavedModels {
  /** Services of which models are kept: twice those that can have any at once. */
  int MOST = 2 * AnomalyWatch.MAX_SERVICES;

  /** Keeps nothing. */
  SavedModels NONE =
      new SavedModels() {
        @Override
        public Optional<byte[]> load(ServiceKey key) {
          return Optional.empty();
        }

        @Override
        public void save(ServiceKey key, long at, byte[] packed) {
          // Nothing is kept.
        }

        @Override
        public int clean(long before) {
          return 0;
        }
      };

  /**
   * What was saved of a service, packed.
   *
   * @throws RuntimeException if the database does not answer
   */
  Optional<byte[]> load(ServiceKey key);

  /**
   * Saves the models of a service in place of what was saved before.
   *
   * @param at event time of their last step, milliseconds since the epoch
   * @param packed what {@link WaitingModel#packed} made
   * @throws RuntimeException if the database does not answer, or another process has taken it over
   */
  void save(ServiceKey key, long at, byte[] packed);

  /**
   * Removes what is older, and the oldest beyond {@link #MOST}.
   *
   * @param before event time, milliseconds since the epoch
   * @return how many services
   * @throws RuntimeException as with {@link #save}
   */
  int clean(long before);
}
