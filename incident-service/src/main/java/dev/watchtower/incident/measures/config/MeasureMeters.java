package dev.watchtower.incident.measures.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The measures as metrics: {@code watchtower_incident_time_to_detect_seconds} and its fellows,
 * {@code watchtower_incident_opened_total} and {@code watchtower_incident_dismissed_total}; by
 * severity, and by service for those of the catalog.
 */
final class MeasureMeters implements IncidentListener {
  private final MeterRegistry meters;
  private final Supplier<Catalog> catalog;

  MeasureMeters(MeterRegistry meters, Supplier<Catalog> catalog) {
    this.meters = meters;
    this.catalog = catalog;
  }

  @Override
  public void changed(IncidentChange change) {
    if (change.moved()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              count(change);
            }
          });
    }
  }

  private void count(IncidentChange change) {
    var before = change.before();
    var after = change.after();
    var marks = after.marks();
    if (before == null) {
      increment("opened", after);
      record("detect", after, marks.began(), marks.opened());
      return;
    }
    if (marks.resolved() == null) {
      return;
    }
    // Only now is it known whether it was a false alarm, and which mitigation lasted.
    if (marks.mitigated() == null && !isMerge(change)) {
      increment("dismissed", after);
      return;
    }
    record("acknowledge", after, marks.opened(), marks.acknowledged());
    if (marks.mitigated() != null) {
      record("mitigate", after, marks.opened(), marks.mitigated());
      record("resolve", after, marks.opened(), marks.resolved());
    }
  }

  private static boolean isMerge(IncidentChange change) {
    return change.entries().stream()
        .anyMatch(entry -> entry.data().containsKey(Merger.MERGED_INTO));
  }

  private void increment(String what, Incident incident) {
    meters
        .counter(
            "watchtower.incident." + what,
            "service",
            service(incident),
            "severity",
            incident.severity().name())
        .increment();
  }

  private void record(
      String what, Incident incident, @Nullable Instant from, @Nullable Instant to) {
    if (from == null || to == null) {
      return;
    }
    var took = Duration.between(from, to);
    meters
        .timer(
            "watchtower.incident.time.to." + what,
            "service",
            service(incident),
            "severity",
            incident.severity().name())
        .record(took.isNegative() ? Duration.ZERO : took);
  }

  // Senders choose the names of services: only those of the catalog get series of their own.
  private String service(Incident incident) {
    var name = incident.subject().service();
    return catalog.get().service(name).isPresent() ? name : "other";
  }
}
