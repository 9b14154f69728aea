package dev.watchtower.ingest.detection.config;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.ingest.detection.AlertBoard;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.detection.jdbc.FiringSignals;
import dev.watchtower.ingest.detection.jdbc.HeardServicesWriter;
import dev.watchtower.ingest.detection.jdbc.RuleStateWriter;
import dev.watchtower.ingest.golden.LastHeard;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.Freshness;
import java.util.ArrayList;
import java.util.List;

/**
 * What detection knows from before a restart: what fired and what rules remembered, which services
 * there were, and how long nothing was heard. For the thread of detection.
 */
final class DetectionMemory {
  private final FiringSignals firing;
  private final RuleStateWriter states;
  private final HeardServicesWriter heard;
  private final Freshness freshness;
  private final LazyMigration migration;
  private final AlertBoard alerts;
  private List<LastHeard> saved = List.of();
  private long outage;
  private long newest = Long.MIN_VALUE;

  DetectionMemory(
      FiringSignals firing,
      RuleStateWriter states,
      HeardServicesWriter heard,
      Freshness freshness,
      LazyMigration migration,
      AlertBoard alerts) {
    this.firing = firing;
    this.states = states;
    this.heard = heard;
    this.freshness = freshness;
    this.migration = migration;
    this.alerts = alerts;
  }

  /** Whether the database can be asked. */
  boolean isOpen() {
    return migration.isReady();
  }

  /** Goes on where the last life ended; throws while the database does not answer. */
  void restore(Detector detector, AnomalyWatch anomalies) {
    List<Detected> told = firing.load();
    List<Remembered> remembered = states.load();
    saved = heard.load();
    detector.restore(told, remembered);
    anomalies.restore(told, remembered);
  }

  /** Has the services of the past known; throws while storage is not open. */
  void recall(ServiceRegistry registry, Detector detector, long now) {
    // What is in memory first: if there are too many, those that sent last are known.
    List<LastHeard> past = new ArrayList<>();
    freshness.past().forEach(last -> past.add(LastHeard.of(last)));
    past.addAll(saved);
    outage = registry.heardBefore(past, now);
    var unused = registry.heardBefore(unknown(registry, detector, now), now);
    detector
        .windows()
        .forEach((key, window) ->
            registry.find(key).ifPresent(service -> service.hadWindow(window.toMillis())));
    newest = past.stream().mapToLong(LastHeard::event).max().orElse(Long.MIN_VALUE);
    newest = Math.min(now, newest);
    saved = List.of();
    heard.begin();
  }

  /**
   * Services on which something is open, and of which nothing else is known any more: nothing would
   * end it. They have as much time to send again as one that was heard now.
   */
  static List<LastHeard> unknown(ServiceRegistry registry, Detector detector, long now) {
    List<LastHeard> unknown = new ArrayList<>();
    detector
        .seenLast(now)
        .forEach((key, last) -> {
          if (registry.find(key).isEmpty()) {
            unknown.add(new LastHeard(key, last, now, 0));
          }
        });
    return unknown;
  }

  /**
   * Time of the newest sample of the past, milliseconds since the epoch and no later than {@link
   * #recall}; the beginning of time if there is none.
   */
  long newest() {
    return newest;
  }

  /** For how long nothing had been heard at {@link #recall}, in milliseconds. */
  long outage() {
    return outage;
  }

  /** Has saved what a restart must not make begin anew, and shown how all stands. */
  void keep(Detector detector, AnomalyWatch anomalies, long now) {
    List<Remembered> all = new ArrayList<>(detector.remembered());
    all.addAll(anomalies.remembered(now));
    states.offer(all);
    alerts.put(detector, now);
  }
}
