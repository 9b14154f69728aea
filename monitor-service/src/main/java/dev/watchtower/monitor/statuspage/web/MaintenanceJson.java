package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.monitor.statuspage.PublicMaintenance;
import dev.watchtower.monitor.statuspage.PublicMaintenance.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Planned work in the field names of the Statuspage v2 API. */
final class MaintenanceJson {
  private final String pageId;
  private final Links links;
  private final Function<List<String>, List<Map<String, Object>>> components;

  /** With {@code components} in the API's words, by their names. */
  MaintenanceJson(
      String pageId, Links links, Function<List<String>, List<Map<String, Object>>> components) {
    this.pageId = pageId;
    this.links = links;
    this.components = components;
  }

  /** Those whose status fits, the newest first, as the API orders them. */
  List<Map<String, Object>> of(List<PublicMaintenance> all, Predicate<Status> fits) {
    return all.reversed().stream().filter(m -> fits.test(m.status())).map(this::one).toList();
  }

  private Map<String, Object> one(PublicMaintenance work) {
    var one = new LinkedHashMap<String, Object>();
    one.put("id", work.id());
    one.put("name", work.name());
    one.put("status", work.status().api());
    one.put("impact", "maintenance");
    one.put("created_at", StatusJson.time(work.since(Status.SCHEDULED)));
    one.put("updated_at", StatusJson.time(work.since(work.status())));
    one.put("monitoring_at", null);
    one.put(
        "resolved_at", work.status() == Status.COMPLETED ? StatusJson.time(work.until()) : null);
    one.put(
        "started_at",
        StatusJson.time(
            work.status() == Status.SCHEDULED ? work.since(Status.SCHEDULED) : work.from()));
    one.put("scheduled_for", StatusJson.time(work.from()));
    one.put("scheduled_until", StatusJson.time(work.until()));
    one.put("shortlink", links.to(work));
    one.put("page_id", pageId);
    one.put("incident_updates", updates(work));
    one.put("components", components.apply(work.components()));
    return one;
  }

  private static List<Map<String, Object>> updates(PublicMaintenance work) {
    var updates = new ArrayList<Map<String, Object>>();
    for (var status : Status.values()) {
      if (status.compareTo(work.status()) <= 0) {
        var at = StatusJson.time(work.since(status));
        var one = new LinkedHashMap<String, Object>();
        one.put("id", StatusJson.id(work.id() + "/" + status));
        one.put("status", status.api());
        one.put("body", work.body(status));
        one.put("incident_id", work.id());
        one.put("created_at", at);
        one.put("updated_at", at);
        one.put("display_at", at);
        one.put("affected_components", null);
        one.put("deliver_notifications", true);
        one.put("custom_tweet", null);
        one.put("tweet_id", null);
        updates.addFirst(one);
      }
    }
    return updates;
  }
}
