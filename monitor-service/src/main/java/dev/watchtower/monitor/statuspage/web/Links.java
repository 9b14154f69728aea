package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.PublicMaintenance;
import dev.watchtower.monitor.statuspage.StatusReport;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.YearMonth;

/** Where people read of what the feeds and the API tell: on the page, or in the history. */
final class Links {
  private final StatusReport report;
  private final String base;

  /** Links into the page of {@code report}, which stands at {@code base}. */
  Links(StatusReport report, String base) {
    this.report = report;
    this.base = base;
  }

  /** The incident, on the page while it is there, and then in the month in which it began. */
  String to(PublicIncident incident) {
    var page =
        PageView.shows(report, incident)
            ? "/status"
            : "/status/history?month=" + YearMonth.from(UptimeHistory.dayOf(incident.createdAt()));
    return base + page + "#i-" + incident.id();
  }

  /** The work; the page alone once it is over, since nothing tells of it any more. */
  String to(PublicMaintenance work) {
    return base + "/status" + (PageView.shows(work) ? "#m-" + work.id() : "");
  }
}
