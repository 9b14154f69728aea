package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.monitor.statuspage.web.StatusPublisher.Document;
import java.time.Duration;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The public status page, its feeds and badge, and the Statuspage v2 API. */
@RestController
class StatusController {
  private static final CacheControl SHORTLY =
      CacheControl.maxAge(Duration.ofSeconds(5)).cachePublic();

  private final StatusPublisher publisher;

  StatusController(StatusPublisher publisher) {
    this.publisher = publisher;
  }

  @GetMapping("/status")
  ResponseEntity<byte[]> page() {
    return answer(publisher.document("status"), false);
  }

  @GetMapping("/status/history")
  ResponseEntity<byte[]> history(@RequestParam(required = false) @Nullable String month) {
    try {
      return answer(
          publisher.history(month == null ? publisher.thisMonth() : YearMonth.parse(month)), false);
    } catch (DateTimeParseException e) {
      throw Problem.badField("month", "expected a month such as 2026-11");
    }
  }

  @GetMapping({"/status/{name:feed\\.atom|feed\\.rss|badge\\.svg}"})
  ResponseEntity<byte[]> extra(@PathVariable String name) {
    return answer(publisher.document(name), true);
  }

  @GetMapping("/api/v2/{name}.json")
  ResponseEntity<byte[]> api(@PathVariable String name) {
    return answer(publisher.document("api/" + name + ".json"), true);
  }

  @GetMapping("/api/v2/{group:incidents|scheduled-maintenances}/{name}.json")
  ResponseEntity<byte[]> api(@PathVariable String group, @PathVariable String name) {
    return answer(publisher.document("api/" + group + "/" + name + ".json"), true);
  }

  private static ResponseEntity<byte[]> answer(Optional<Document> found, boolean anyOrigin) {
    var document =
        found.orElseThrow(() -> Problem.notFound("The status page has nothing at this address."));
    var answer =
        ResponseEntity.ok()
            .contentType(MediaType.parseMediaType(document.type()))
            .eTag(document.etag())
            .cacheControl(SHORTLY);
    // Public data, read with no credentials: any page may show it.
    return (anyOrigin ? answer.header("Access-Control-Allow-Origin", "*") : answer)
        .body(document.body());
  }
}
