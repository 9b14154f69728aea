package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.StatusReport;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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

  /** With {@code measured} giving the days of the month of a component, which a report has not. */
  static HistoryView of(
      StatusReport report,
      YearMonth month,
      Function<String, List<StatusReport.Day>> measured,
      String base) {
    Map<LocalDate, List<PublicIncident>> incidents = new LinkedHashMap<>();
    for (var incident : report.recent()) {
      incidents
          .computeIfAbsent(UptimeHistory.dayOf(incident.createdAt()), _ -> new ArrayList<>())
          .add(incident);
    }
    var linesByDay = lines(report, measured);
    var days = new TreeMap<LocalDate, DayView>();
    for (var day = month.atDay(1); !day.isAfter(month.atEndOfMonth()); day = day.plusDays(1)) {
      var lines = linesByDay.getOrDefault(day, List.of());
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

  private static Map<LocalDate, List<String>> lines(
      StatusReport report, Function<String, List<StatusReport.Day>> measured) {
    var lines = new HashMap<LocalDate, List<String>>();
    for (var component : report.components()) {
      for (var day : measured.apply(component.name())) {
        if (day.down() + day.degraded() > 0) {
          lines
              .computeIfAbsent(day.date(), _ -> new ArrayList<>())
              .add(component.name() + ": " + words(day));
        }
      }
    }
    return lines;
  }

  private static String words(StatusReport.Day day) {
    return (day.down() > 0 ? day.down() + " min of outage" : "")
        + (day.down() > 0 && day.degraded() > 0 ? ", " : "")
        + (day.degraded() > 0 ? day.degraded() + " min degraded" : "");
  }
}
