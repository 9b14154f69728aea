package dev.watchtower.monitor.lastknown.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.monitor.lastknown.MaintenanceWindow;
import dev.watchtower.monitor.lastknown.MaintenanceWindow.Span;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the maintenance windows of incident-service: the newest {@value #PAGE}, and of those before
 * them all that are not over for good.
 */
final class MaintenanceReader {
  private static final int PAGE = 200;

  /** More than incident-service lets wait or be in force. */
  private static final int MAX_PAGES = 5;

  private static final List<String> NARROWER = List.of("rules", "severities", "labels");

  private final Peers peers;
  private final JsonMapper json;

  MaintenanceReader(Peers peers, JsonMapper json) {
    this.peers = peers;
    this.json = json;
  }

  /**
   * The windows, the newest first. Left out are those that cover nothing that a status page could
   * name, and those that cover only part of what they name: some rules, severities or labels.
   * Whatever else is wrong with those services is no planned work.
   *
   * @throws org.springframework.web.client.RestClientException if it does not answer
   * @throws tools.jackson.core.JacksonException if the answer is not JSON
   */
  List<MaintenanceWindow> windows() {
    var windows = new LinkedHashMap<UUID, MaintenanceWindow>();
    var newest = page("", null);
    take(newest, windows);
    // What recurs may have been made long before, and many have come since.
    var next = newest.path("next");
    for (int i = 0; i < MAX_PAGES && next.isString(); i++) {
      var page = page("&current=true", i == 0 ? null : next.asString());
      take(page, windows);
      next = page.path("next");
    }
    return List.copyOf(windows.values());
  }

  private JsonNode page(String query, @Nullable String next) {
    var uri = "/api/v1/maintenance-windows?limit=" + PAGE + query;
    var request = peers.client("incident").get();
    var body =
        (next == null ? request.uri(uri) : request.uri(uri + "&page={next}", next))
            .retrieve()
            .body(String.class);
    return json.readTree(body == null ? "{}" : body);
  }

  private static void take(JsonNode page, Map<UUID, MaintenanceWindow> windows) {
    page.path("items")
        .valueStream()
        .filter(MaintenanceReader::coversWholeServices)
        .map(MaintenanceReader::window)
        .forEach(window -> windows.putIfAbsent(window.id(), window));
  }

  // Matchers narrow each other: only without the others are services and environments all of it.
  private static boolean coversWholeServices(JsonNode item) {
    var matchers = item.path("matchers");
    return (!matchers.path("services").isEmpty() || !matchers.path("environments").isEmpty())
        && NARROWER.stream().allMatch(name -> isAnything(matchers.path(name)));
  }

  private static boolean isAnything(JsonNode patterns) {
    return patterns.isEmpty()
        || (patterns.isArray() && patterns.valueStream().anyMatch(p -> p.asString().equals("*")));
  }

  private static MaintenanceWindow window(JsonNode item) {
    var starts = Instant.parse(item.path("startsAt").asString());
    var created = instant(item.path("createdAt"));
    return new MaintenanceWindow(
        UUID.fromString(item.path("id").asString()),
        texts(item.path("matchers").path("services")),
        texts(item.path("matchers").path("environments")),
        item.path("recurring").isObject(),
        span(item.path("active")),
        span(item.path("next")),
        item.path("past")
            .valueStream()
            .map(MaintenanceReader::span)
            .filter(Objects::nonNull)
            .toList(),
        starts,
        instant(item.path("endsAt")),
        instant(item.path("endedAt")),
        created == null ? starts : created);
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  private static @Nullable Span span(JsonNode node) {
    return node.isObject()
        ? new Span(
            Instant.parse(node.path("from").asString()), Instant.parse(node.path("to").asString()))
        : null;
  }

  private static @Nullable Instant instant(JsonNode node) {
    return node.isString() ? Instant.parse(node.asString()) : null;
  }
}
