package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.ComponentStatus;
import dev.watchtower.monitor.statuspage.Indicator;
import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.PublicMaintenance;
import dev.watchtower.monitor.statuspage.StatusReport;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The report in the words and shapes of the HTML page: every text is final, so that the template
 * only places it.
 */
public record PageView(
    String title,
    String about,
    String words,
    String look,
    Moment updated,
    @Nullable String stale,
    List<ComponentView> components,
    List<IncidentView> incidents,
    List<IncidentView> past,
    List<WorkView> work,
    String month,
    String base) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final int PAST_DAYS = 14;
  private static final int BAR_STEP = 10;

  /** A time, for machines and for people. */
  public record Moment(String iso, String text) {
    static Moment of(Instant at) {
      return new Moment(at.toString(), MINUTE.format(at));
    }
  }

  /** A component with its bar. */
  public record ComponentView(
      String name,
      String about,
      String words,
      String look,
      String uptime,
      String summary,
      List<Bar> bars) {}

  /**
   * A day of the bar.
   *
   * @param x position in the drawing
   * @param href where to read more; null on a day without trouble
   */
  public record Bar(int x, String look, String title, @Nullable String href) {}

  /** An incident with what was told, the newest first. */
  public record IncidentView(
      String anchor,
      String name,
      String look,
      String words,
      String components,
      Moment began,
      List<UpdateView> updates) {}

  /** Planned work: what, when, how it stands. */
  public record WorkView(
      String anchor,
      String name,
      String look,
      String words,
      String body,
      Moment from,
      Moment until) {}

  /** One thing that was told. */
  public record UpdateView(String words, String body, Moment at) {}

  static PageView of(StatusReport report, Instant updatedAt, String base) {
    return new PageView(
        report.title(),
        report.about(),
        report.description(),
        lookOf(report),
        Moment.of(updatedAt),
        stale(report),
        report.components().stream().map(PageView::component).toList(),
        report.unresolved().stream().map(PageView::incident).toList(),
        report.lastToldFirst().stream()
            .filter(i -> isPast(report, i))
            .map(PageView::incident)
            .toList(),
        report.maintenances().stream().filter(PageView::shows).map(PageView::work).toList(),
        YearMonth.from(report.today()).toString(),
        base);
  }

  /** Whether the incident stands on the page. */
  static boolean shows(StatusReport report, PublicIncident incident) {
    return report.unresolved().contains(incident) || isPast(report, incident);
  }

  // By its end: what went on for weeks is not gone as soon as it is over.
  private static boolean isPast(StatusReport report, PublicIncident incident) {
    var oldest = report.today().minusDays(PAST_DAYS).atStartOfDay(ZoneOffset.UTC).toInstant();
    return !report.unresolved().contains(incident) && incident.updatedAt().isAfter(oldest);
  }

  /** Whether the work stands on the page. */
  static boolean shows(PublicMaintenance work) {
    return work.status() != PublicMaintenance.Status.COMPLETED;
  }

  private static WorkView work(PublicMaintenance work) {
    return new WorkView(
        "m-" + work.id(),
        work.name(),
        work.status().api().replace('_', '-'),
        work.status().words(),
        work.body(work.status()),
        Moment.of(work.from()),
        Moment.of(work.until()));
  }

  /** Nothing is wrong as far as is known is not the same as nothing is wrong. */
  private static String lookOf(StatusReport report) {
    return report.indicator() == Indicator.NONE
            && report.components().stream().anyMatch(c -> c.status() == ComponentStatus.UNKNOWN)
        ? "impact-unknown"
        : look(report.indicator());
  }

  private static @Nullable String stale(StatusReport report) {
    if (!report.stale()) {
      return null;
    }
    return report.staleSince() == null
        ? "Incidents are not known at the moment. The states below come from our own checks."
        : "Incidents and planned work are as of "
            + MINUTE.format(report.staleSince())
            + ": their source has not been heard since. The states below come from our own checks.";
  }

  private static ComponentView component(StatusReport.Component component) {
    var bars = new ArrayList<Bar>();
    long measured = 0;
    for (int i = 0; i < component.days().size(); i++) {
      var day = component.days().get(i);
      measured += day.measured() > 0 ? 1 : 0;
      bars.add(bar(day, i));
    }
    return new ComponentView(
        component.name(),
        component.description(),
        component.status().words(),
        component.status().name().toLowerCase(Locale.ROOT),
        component.uptime() == null ? "not measured yet" : component.uptime() + " % uptime",
        component.name()
            + ", the last "
            + component.days().size()
            + " days, of which "
            + measured
            + " were measured",
        bars);
  }

  private static Bar bar(StatusReport.Day day, int index) {
    var text = new StringBuilder(DAY.format(day.date().atStartOfDay(ZoneOffset.UTC)));
    boolean trouble = day.down() + day.degraded() > 0;
    if (day.measured() == 0) {
      text.append(": not measured");
    } else if (!trouble) {
      text.append(": no trouble");
    } else {
      if (day.down() > 0) {
        text.append(": outage ").append(words(day.down()));
      }
      if (day.degraded() > 0) {
        text.append(day.down() > 0 ? ", degraded " : ": degraded ").append(words(day.degraded()));
      }
    }
    return new Bar(
        index * BAR_STEP, lookOf(day), text.toString(), trouble ? historyOf(day.date()) : null);
  }

  private static String lookOf(StatusReport.Day day) {
    if (day.measured() == 0) {
      return "none";
    }
    if (day.down() > 0) {
      return day.down() * 20 >= day.measured() ? "down" : "part";
    }
    return day.degraded() > 0 ? "degraded" : "up";
  }

  private static String historyOf(LocalDate day) {
    return "/status/history?month=" + YearMonth.from(day) + "#d-" + day;
  }

  private static String words(long minutes) {
    return minutes >= 60 ? minutes / 60 + " h " + minutes % 60 + " min" : minutes + " min";
  }

  static IncidentView incident(PublicIncident incident) {
    return new IncidentView(
        "i-" + incident.id(),
        incident.name(),
        look(incident.impact()),
        incident.status().words(),
        String.join(", ", incident.components()),
        Moment.of(incident.createdAt()),
        incident.updates().reversed().stream()
            .map(u -> new UpdateView(u.status().words(), u.body(), Moment.of(u.at())))
            .toList());
  }

  private static String look(Indicator indicator) {
    return "impact-" + indicator.word();
  }
}
