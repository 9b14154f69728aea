package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.StatusReport;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A month of the public history: its days with anything to tell, the newest first. */
public record HistoryView(
    String title,
    String month,
    List<DayView> days,
    @Nullable String earlier,
    @Nullable String later,
    String base) {
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEEE, d MMMM", Locale.ENGLISH);

  /** A day: what was measured, and what was told. */
  public record DayView(
      String anchor, String name, List<String> lines, List<PageView.IncidentView> incidents) {}

  static HistoryView of(StatusReport report, YearMonth month, String base) {
    Map<LocalDate, List<PublicIncident>> incidents = new LinkedHashMap<>();
    for (var incident : report.recent()) {
      incidents
          .computeIfAbsent(UptimeHistory.dayOf(incident.createdAt()), _ -> new ArrayList<>())
          .add(incident);
    }
    var days = new TreeMap<LocalDate, DayView>();
    for (var day = month.atDay(1); !day.isAfter(month.atEndOfMonth()); day = day.plusDays(1)) {
      var lines = lines(report, day);
      var told = incidents.getOrDefault(day, List.of());
      if (!lines.isEmpty() || !told.isEmpty()) {
        days.put(
            day,
            new DayView(
                "d-" + day,
                DAY.format(day),
                lines,
                told.stream().map(PageView::incident).toList()));
      }
    }
    var now = YearMonth.from(report.today());
    var oldest = YearMonth.from(report.today().minusDays(UptimeHistory.DAYS));
    return new HistoryView(
        report.title(),
        MONTH.format(month.atDay(1).atStartOfDay(ZoneOffset.UTC)),
        List.copyOf(days.descendingMap().values()),
        month.isAfter(oldest) ? month.minusMonths(1).toString() : null,
        month.isBefore(now) ? month.plusMonths(1).toString() : null,
        base);
  }

  private static List<String> lines(StatusReport report, LocalDate date) {
    return report.components().stream()
        .flatMap(c ->
            c.days().stream()
                .filter(d -> d.date().equals(date) && d.down() + d.degraded() > 0)
                .map(d ->
                    c.name()
                        + ": "
                        + (d.down() > 0 ? d.down() + " min of outage" : "")
                        + (d.down() > 0 && d.degraded() > 0 ? ", " : "")
                        + (d.degraded() > 0 ? d.degraded() + " min degraded" : "")))
        .toList();
  }
}
