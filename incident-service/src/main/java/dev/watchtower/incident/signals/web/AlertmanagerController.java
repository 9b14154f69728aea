package dev.watchtower.incident.signals.web;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.incident.signals.SignalDesk;
import dev.watchtower.incident.signals.SignalDesk.Taken;
import dev.watchtower.incident.signals.TruncationDesk;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /api/v1/alertmanager}. All alerts are checked before the first is taken; taking is
 * idempotent, so that Alertmanager may send the whole group again after an error.
 */
@RestController
class AlertmanagerController {
  /**
   * What became of a group.
   *
   * @param taken alerts taken for the first time
   * @param repeated alerts known from before
   * @param truncated alerts that Alertmanager left out
   */
  @Schema(name = "TakenAlerts")
  record Answer(int taken, int repeated, long truncated) {}

  private final SignalDesk desk;
  private final TruncationDesk truncations;
  private final CatalogSource catalog;
  private final Clock clock;

  AlertmanagerController(
      SignalDesk desk, TruncationDesk truncations, CatalogSource catalog, Clock clock) {
    this.desk = desk;
    this.truncations = truncations;
    this.catalog = catalog;
    this.clock = clock;
  }

  @PostMapping("/api/v1/alertmanager")
  Answer take(@RequestBody AlertmanagerWebhook webhook) {
    long truncated = webhook.truncatedAlerts() == null ? 0 : webhook.truncatedAlerts();
    if (truncated < 0) {
      throw Problem.badField("truncatedAlerts", "must not be negative");
    }
    var labels = catalog.current().ingest();
    var naming = new AlertmanagerWebhook.Naming(labels.serviceLabels(), labels.envLabels());
    var now = clock.instant();
    var signals = webhook.signals(naming, now).stream().map(SignalChecks::checked).toList();
    var sender = Caller.claims().subject();
    int taken =
        (int)
            desk.takeReports(signals, sender, now).stream()
                .filter(Taken.Stored.class::isInstance)
                .count();
    if (truncated > 0) {
      var group = webhook.groupKey() == null ? "" : webhook.groupKey().replace("\0", "");
      truncations.note(group, truncated, signals, Caller.actor(), clock.instant());
    }
    return new Answer(taken, signals.size() - taken, truncated);
  }
}
