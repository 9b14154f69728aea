package dev.watchtower.ingest.detection.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.PageOf;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** SLOs. The catalog has no place for them yet, so there are none. */
@RestController
@RequestMapping("/api/v1/slo")
class SloController {

  @GetMapping
  PageOf<Map<String, Object>> all() {
    return new PageOf<>(List.of(), null);
  }

  @GetMapping("/{name}")
  Map<String, Object> one(@PathVariable String name) {
    throw Problem.notFound("There is no SLO '" + name + "'. None is defined in the catalog.");
  }
}
