package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.ComponentStatus;
import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.PublicMaintenance.Status;
import dev.watchtower.monitor.statuspage.PublicStatus;
import dev.watchtower.monitor.statuspage.StatusReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The bodies of the Statuspage v2 API, with its field names. */
final class StatusJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);

  /** As many as the API gives of what has no end. */
  private static final int NEWEST = 50;

  private final StatusReport report;
  private final Instant updatedAt;
  private final String publicUrl;
  private final Links links;

  StatusJson(StatusReport report, Instant updatedAt, String publicUrl) {
    this.report = report;
    this.updatedAt = updatedAt;
    this.publicUrl = publicUrl;
    this.links = new Links(report, publicUrl);
  }

  /** The documents by their path below {@code /api/v2/}. */
  Map<String, Map<String, Object>> documents() {
    var maintenances = new MaintenanceJson(pageId(), links, this::components);
    var documents = new LinkedHashMap<String, Map<String, Object>>();
    documents.put("status.json", with("status", status()));
    documents.put("components.json", with("components", components(null)));
    documents.put(
        "incidents.json",
        with("incidents", report.recent().stream().limit(NEWEST).map(this::incident).toList()));
    var unresolved = report.unresolved().stream().map(this::incident).toList();
    documents.put("incidents/unresolved.json", with("incidents", unresolved));
    documents.put(
        "scheduled-maintenances.json",
        with(
            "scheduled_maintenances",
            maintenances.of(report.maintenances(), _ -> true).stream().limit(NEWEST).toList()));
    documents.put(
        "scheduled-maintenances/upcoming.json",
        with(
            "scheduled_maintenances",
            maintenances.of(report.maintenances(), Status.SCHEDULED::equals)));
    documents.put(
        "scheduled-maintenances/active.json",
        with(
            "scheduled_maintenances",
            maintenances.of(report.maintenances(), Status.IN_PROGRESS::equals)));
    var summary = with("components", components(null));
    summary.put("incidents", unresolved);
    summary.put(
        "scheduled_maintenances",
        maintenances.of(report.maintenances(), status -> status != Status.COMPLETED));
    summary.put("status", status());
    documents.put("summary.json", summary);
    return documents;
  }

  private Map<String, Object> with(String name, Object value) {
    var document = new LinkedHashMap<String, Object>();
    var page = new LinkedHashMap<String, Object>();
    page.put("id", pageId());
    page.put("name", report.title());
    page.put("url", publicUrl + "/status");
    page.put("time_zone", "Etc/UTC");
    page.put("updated_at", time(updatedAt));
    document.put("page", page);
    document.put(name, value);
    return document;
  }

  private Map<String, Object> status() {
    return Map.of("indicator", report.indicator().word(), "description", report.description());
  }

  private List<Map<String, Object>> components(@Nullable List<String> only) {
    var all = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < report.components().size(); i++) {
      var component = report.components().get(i);
      if (only != null && !only.contains(component.name())) {
        continue;
      }
      var one = new LinkedHashMap<String, Object>();
      one.put("id", id("component/" + component.name()));
      one.put("name", component.name());
      one.put("status", component.status().api());
      // The catalog does not say since when a component exists; its oldest measured day does.
      one.put("created_at", time(createdAt(component)));
      one.put("updated_at", time(component.changedAt()));
      one.put("position", i + 1);
      one.put("description", component.description().isEmpty() ? null : component.description());
      one.put("showcase", true);
      one.put("start_date", null);
      one.put("group_id", null);
      one.put("page_id", pageId());
      one.put("group", false);
      one.put("only_show_if_degraded", false);
      all.add(one);
    }
    return all;
  }

  private static Instant createdAt(StatusReport.Component component) {
    return component.days().stream()
        .filter(d -> d.measured() > 0)
        .findFirst()
        .map(d -> d.date().atStartOfDay(ZoneOffset.UTC).toInstant())
        .orElse(component.changedAt());
  }

  private Map<String, Object> incident(PublicIncident incident) {
    var one = new LinkedHashMap<String, Object>();
    one.put("id", incident.id());
    one.put("name", incident.name());
    one.put("status", incident.status().api());
    one.put("impact", incident.impact().word());
    one.put("created_at", time(incident.createdAt()));
    one.put("updated_at", time(incident.updatedAt()));
    one.put("monitoring_at", time(incident.monitoringAt()));
    one.put("resolved_at", time(incident.resolvedAt()));
    one.put("started_at", time(incident.createdAt()));
    one.put("shortlink", links.to(incident));
    one.put("page_id", pageId());
    var updates = new ArrayList<Map<String, Object>>();
    for (var update : incident.updates().reversed()) {
      updates.add(update(incident, update));
    }
    one.put("incident_updates", updates);
    one.put("components", components(incident.components()));
    return one;
  }

  private Map<String, Object> update(PublicIncident incident, PublicIncident.Update update) {
    var one = new LinkedHashMap<String, Object>();
    one.put("id", update.id());
    one.put("status", update.status().api());
    one.put("body", update.body());
    one.put("incident_id", incident.id());
    one.put("created_at", time(update.at()));
    one.put("updated_at", time(update.at()));
    one.put("display_at", time(update.at()));
    one.put("affected_components", affected(incident, update));
    one.put("deliver_notifications", true);
    one.put("custom_tweet", null);
    one.put("tweet_id", null);
    return one;
  }

  /** What the first update did to the components, and what the last undid; null between. */
  private static @Nullable List<Map<String, Object>> affected(
      PublicIncident incident, PublicIncident.Update update) {
    var broken =
        switch (incident.impact()) {
          case CRITICAL, MAJOR -> ComponentStatus.PARTIAL_OUTAGE.api();
          case MINOR -> ComponentStatus.DEGRADED.api();
          case NONE, MAINTENANCE -> ComponentStatus.OPERATIONAL.api();
        };
    var fine = ComponentStatus.OPERATIONAL.api();
    boolean first = update.equals(incident.updates().getFirst());
    if (!first && update.status() != PublicStatus.MONITORING) {
      return null;
    }
    List<Map<String, Object>> all = new ArrayList<>();
    for (var name : incident.components()) {
      all.add(
          Map.of(
              "code",
              id("component/" + name),
              "name",
              name,
              "old_status",
              first ? fine : broken,
              "new_status",
              first ? broken : fine));
    }
    return all;
  }

  private String pageId() {
    return id("page/" + report.title());
  }

  static String id(String of) {
    return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8)).toString();
  }

  static @Nullable String time(@Nullable Instant at) {
    return at == null ? null : TIME.format(at);
  }
}
