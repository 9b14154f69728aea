package dev.watchtower.incident.export.web;

import dev.watchtower.incident.export.Bundle;
import dev.watchtower.incident.export.BundleDesk;
import dev.watchtower.incident.export.Seal;
import dev.watchtower.incident.export.Sealer;
import dev.watchtower.incident.lifecycle.web.Refusals;
import java.time.Clock;
import java.util.UUID;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /api/v1/incidents/{id}/export}: a signed bundle to keep outside. */
@RestController
class ExportController {
  private final BundleDesk desk;
  private final Sealer sealer;
  private final JsonMapper json;
  private final Clock clock;

  ExportController(BundleDesk desk, Sealer sealer, JsonMapper json, Clock clock) {
    this.desk = desk;
    this.sealer = sealer;
    this.json = json;
    this.clock = clock;
  }

  @GetMapping("/api/v1/incidents/{id}/export")
  ResponseEntity<Seal> export(@PathVariable UUID id) {
    Bundle bundle = desk.gather(id, clock.instant()).orElseThrow(() -> Refusals.unknown(id));
    var name = "incident-%d.json".formatted(bundle.incident().number());
    return ResponseEntity.ok()
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(name).build().toString())
        .body(sealer.seal(json.writeValueAsBytes(bundle)));
  }
}
