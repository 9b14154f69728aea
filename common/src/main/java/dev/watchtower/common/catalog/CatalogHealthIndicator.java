package dev.watchtower.common.catalog;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells when the catalog was loaded, and the faults of an edit that is refused. Up all the same: a
 * catalog is in force.
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
    if (!state.faults().isEmpty()) {
      health.withDetail("refused", state.faults());
    }
    return health.build();
  }
}
