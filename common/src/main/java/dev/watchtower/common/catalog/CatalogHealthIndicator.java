package dev.watchtower.common.catalog;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells when the catalog was loaded, and how many lines of a newer edit are refused, not which:
 * anybody may read this, and faults name files, people and addresses. Also how many OpenSLO
 * documents of which kinds are passed over. Up all the same: a catalog is in force.
 */
final class CatalogHealthIndicator implements HealthIndicator {
  private final CatalogSource source;

  CatalogHealthIndicator(CatalogSource source) {
    this.source = source;
  }

  @Override
  public Health health() {
    var state = source.state();
    var health = Health.up().withDetail("lastReload", state.loadedAt().toString());
    if (!source.passedOver().isEmpty()) {
      health.withDetail("openSloPassedOver", source.passedOver());
    }
    if (!state.faults().isEmpty()) {
      health
          .withDetail("refused", state.faults().size())
          .withDetail("see", "the dashboard, or this service's log");
    }
    return health.build();
  }
}
