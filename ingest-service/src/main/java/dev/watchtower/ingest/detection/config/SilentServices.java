package dev.watchtower.ingest.detection.config;

import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Services on which a rule on golden signals fires, or is about to, and of which no samples come
 * any more: nothing else would have the rule looked at again. At most as many as the registry
 * knows. For one thread.
 */
final class SilentServices {
  private static final long IDLE_MILLIS = 15_000;

  /** A service that sends rarely is not silent between two of its samples. */
  private static final int INTERVALS = 3;

  private final Map<ServiceKey, Long> computedAt = new HashMap<>();
  private final Set<ServiceKey> asked = new HashSet<>();

  /**
   * Services that were not heard for a day.
   *
   * @param forgotten those that are not expected to come back
   * @param missed those that a no-data rule misses, or may yet
   */
  record Gone(Set<ServiceKey> forgotten, Set<ServiceKey> missed) {
    boolean isEmpty() {
      return forgotten.isEmpty() && missed.isEmpty();
    }
  }

  /** Who was not heard for a day. */
  static Gone gone(Detector detector, ServiceRegistry registry, long now) {
    Set<ServiceKey> forgotten = new HashSet<>();
    Set<ServiceKey> missed = new HashSet<>();
    for (ObservedService service : registry.all()) {
      long silence = now - service.namedMillis();
      if (silence > Detector.FORGET_MILLIS) {
        (detector.expects(service.key(), silence) ? missed : forgotten).add(service.key());
      }
    }
    return new Gone(forgotten, missed);
  }

  /** Whether a no-data rule may soon miss one. */
  static boolean mayBeMissed(RuleBook rules, Collection<ObservedService> services, long now) {
    return rules.noData().stream()
        .anyMatch(rule ->
            services.stream()
                .anyMatch(s ->
                    rule.covers(s.key().service(), s.key().env())
                        && s.sentMillis() > 0
                        && now - s.sentMillis() > rule.after().toMillis() / 2));
  }

  /**
   * The signals of a service are computed.
   *
   * @return whether it was found overdue, so that they are to be those of now
   */
  boolean computed(ServiceKey key, long now) {
    computedAt.put(key, now);
    return asked.remove(key);
  }

  void forget(ServiceKey key) {
    computedAt.remove(key);
    asked.remove(key);
  }

  /**
   * Those to look at again now; who does has to {@link #ask}.
   *
   * @param open the services on which a rule is open
   * @param since when they could be heard
   */
  List<ServiceKey> overdue(
      Collection<ServiceKey> open, ServiceRegistry registry, long since, long now) {
    List<ServiceKey> overdue = new ArrayList<>();
    for (ServiceKey key : open) {
      Optional<ObservedService> service = registry.find(key);
      long interval = service.map(ObservedService::intervalMillis).orElse(0L);
      // Not after now: the clock may have been put back.
      long last = Math.max(since, computedAt.merge(key, now, Math::min));
      if (service.isPresent() && now - last >= Math.max(IDLE_MILLIS, INTERVALS * interval)) {
        overdue.add(key);
      }
    }
    return overdue;
  }

  /** Its signals are to be computed as of then, for it is overdue. */
  void ask(ServiceKey key) {
    asked.add(key);
  }
}
