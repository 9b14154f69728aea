package dev.watchtower.ingest.detection.anomaly.web;

import dev.watchtower.common.wire.PageOf;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.detection.anomaly.Others;
import dev.watchtower.ingest.detection.anomaly.ServiceAnomalies;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How unusual golden signals are now, whether or not a rule tells anybody of it. */
@RestController
class AnomaliesController {
  /**
   * A service and its golden signals; times in milliseconds since the epoch.
   *
   * @param score of the service as a whole, 0 to 1
   * @param others how the other services of its environment are
   */
  record Service(
      String service,
      String env,
      long at,
      double score,
      Others others,
      List<ServiceAnomalies.SignalAnomaly> signals) {
    static Service of(ServiceAnomalies known) {
      return new Service(
          known.key().service(),
          known.key().env(),
          known.at(),
          known.score(),
          known.others(),
          known.signals());
    }
  }

  private final AnomalyWatch watch;

  AnomaliesController(AnomalyWatch watch) {
    this.watch = watch;
  }

  /** All services, or those asked for. */
  @GetMapping("/api/v1/anomalies")
  PageOf<Service> anomalies(
      @RequestParam @Nullable String service, @RequestParam @Nullable String env) {
    return new PageOf<>(
        watch.all().stream()
            .filter(s -> service == null || s.key().service().equals(service))
            .filter(s -> env == null || s.key().env().equals(env))
            .map(Service::of)
            .toList(),
        null);
  }
}
