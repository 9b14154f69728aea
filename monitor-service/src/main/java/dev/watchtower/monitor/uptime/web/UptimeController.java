package dev.watchtower.monitor.uptime.web;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.uptime.ConditionSource;
import dev.watchtower.monitor.uptime.Shares;
import dev.watchtower.monitor.uptime.UptimeHistory;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /uptime-history}: measured time by day. */
@RestController
class UptimeController {
  /** A day; seconds by condition, and the ratio where anything was measured. */
  record Day(
      String day, long upSeconds, long degradedSeconds, long downSeconds, @Nullable Double uptime) {
    static Day of(LocalDate day, Shares shares) {
      return new Day(
          day.toString(),
          shares.up() / 1000,
          shares.degraded() / 1000,
          shares.down() / 1000,
          ratio(shares));
    }
  }

  /** A probe or component. */
  record Subject(String name, String kind, @Nullable Double uptime, List<Day> days) {}

  /** The answer; it never goes stale, because monitor measures by itself. */
  @Schema(name = "UptimeHistory")
  record Answer(Instant asOf, boolean stale, String formula, int days, List<Subject> subjects) {}

  private static final String FORMULA =
      "uptime = (up + degraded) / (up + degraded + down); time that was not measured is left out";

  private final UptimeHistory history;
  private final HealthBoard health;
  private final CatalogSource catalog;
  private final Clock clock;

  UptimeController(UptimeHistory history, HealthBoard health, CatalogSource catalog, Clock clock) {
    this.history = history;
    this.health = health;
    this.catalog = catalog;
    this.clock = clock;
  }

  @GetMapping(path = "/uptime-history", produces = "application/json")
  Answer history(@RequestParam(defaultValue = "90") int days) {
    if (days < 1 || days > UptimeHistory.DAYS) {
      throw Problem.badField("days", "expected 1 to " + UptimeHistory.DAYS);
    }
    var now = clock.instant();
    var today = UptimeHistory.dayOf(now);
    var from = today.minusDays(days - 1L);
    var components =
        catalog.current().statusPage().components().stream()
            .map(c -> subject(c.name(), "component", ConditionSource.COMPONENT, from, today));
    var probes =
        health.all().stream()
            .map(view -> subject(view.name(), "probe", ConditionSource.PROBE, from, today));
    return new Answer(now, false, FORMULA, days, Stream.concat(components, probes).toList());
  }

  private Subject subject(String name, String kind, String prefix, LocalDate from, LocalDate to) {
    var days = new ArrayList<Day>();
    history.of(prefix + name, from, to).forEach((day, shares) -> days.add(Day.of(day, shares)));
    return new Subject(name, kind, ratio(history.sum(prefix + name, from, to)), days);
  }

  private static @Nullable Double ratio(Shares shares) {
    var uptime = shares.uptime();
    return uptime.isPresent() ? uptime.getAsDouble() : null;
  }
}
