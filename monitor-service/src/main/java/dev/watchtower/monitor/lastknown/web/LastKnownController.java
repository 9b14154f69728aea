package dev.watchtower.monitor.lastknown.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.monitor.lastknown.LastKnown;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The last known state as JSON. {@code asOf} says when its owner was last heard, {@code stale} that
 * it is not heard now.
 */
@RestController
class LastKnownController {
  /** The SLOs as ingest-service gave them. */
  record Slo(@Nullable Instant asOf, boolean stale, @JsonRawValue String slo) {}

  /** Incidents, the newest first. */
  record Incidents(@Nullable Instant asOf, boolean stale, List<IncidentView> items) {}

  private final LastKnown known;
  private final Clock clock;

  LastKnownController(LastKnown known, Clock clock) {
    this.known = known;
    this.clock = clock;
  }

  @GetMapping(path = "/slo", produces = "application/json")
  Slo slo() {
    var fresh = known.freshness("ingest", clock.instant());
    return new Slo(fresh.asOf(), fresh.stale(), known.slo().orElse("null"));
  }

  @GetMapping(path = "/incidents", produces = "application/json")
  Incidents incidents(@RequestParam(required = false) @Nullable Set<IncidentState> state) {
    var fresh = known.freshness("incident", clock.instant());
    var items =
        known.incidents().stream()
            .filter(i -> state == null || state.isEmpty() || state.contains(i.state()))
            .toList();
    return new Incidents(fresh.asOf(), fresh.stale(), items);
  }
}
