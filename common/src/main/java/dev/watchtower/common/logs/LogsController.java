package dev.watchtower.common.logs;

import dev.watchtower.common.problem.Problem;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /logs}: the service's recent log lines. */
@RestController
class LogsController {
  private static final int MAX_LIMIT = 1_000;

  private final LogRing ring;

  LogsController(LogRing ring) {
    this.ring = ring;
  }

  /** The lines, oldest first. */
  record Lines(List<LogLine> items) {}

  @GetMapping("/logs")
  Lines recent(
      @RequestParam(defaultValue = "TRACE") String level,
      @RequestParam(required = false) @Nullable String since,
      @RequestParam(required = false) @Nullable String trace,
      @RequestParam(defaultValue = "200") String limit) {
    var least = level.toUpperCase(Locale.ROOT);
    if (!LogRing.LEVELS.contains(least)) {
      throw Problem.badField("level", "expected one of " + String.join(", ", LogRing.LEVELS));
    }
    if (trace != null && !trace.matches("[0-9a-f]{32}")) {
      throw Problem.badField("trace", "expected 32 hexadecimal digits");
    }
    return new Lines(ring.newest(least, instant(since), trace, limit(limit)));
  }

  private static int limit(String text) {
    if (text.matches("\\d{1,6}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw Problem.badField("limit", "expected a whole number from 1 to " + MAX_LIMIT);
  }

  private static @Nullable Instant instant(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return text.matches("\\d{1,15}")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Problem.badField(
          "since", "expected a time such as 2026-01-31T12:00:00Z, or milliseconds since 1970");
    }
  }
}
