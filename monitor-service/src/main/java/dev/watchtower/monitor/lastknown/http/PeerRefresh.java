package dev.watchtower.monitor.lastknown.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.monitor.lastknown.LastKnown;
import java.time.Clock;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the state of a peer over REST: what the live topics told while nobody listened. */
@Component
public class PeerRefresh {
  private static final Logger LOG = LoggerFactory.getLogger(PeerRefresh.class);
  private static final ParameterizedTypeReference<PageOf<IncidentView>> PAGE =
      new ParameterizedTypeReference<>() {};
  private static final int MAX_PAGES = 10;
  private static final int PAGE_SIZE = 200;

  private final Peers peers;
  private final LastKnown known;
  private final JsonMapper json;
  private final MaintenanceReader maintenance;
  private final Clock clock;

  PeerRefresh(Peers peers, LastKnown known, JsonMapper json, Clock clock) {
    this.peers = peers;
    this.known = known;
    this.json = json;
    this.maintenance = new MaintenanceReader(peers, json);
    this.clock = clock;
  }

  /**
   * Reads what {@code source} has now.
   *
   * @return false if it could not be read
   */
  public boolean refresh(String source) {
    try {
      switch (source) {
        case "incident" -> {
          incidents();
          refreshMaintenance();
        }
        case "ingest" -> {
          signals();
          refreshSlo();
        }
        default -> LOG.atDebug().addKeyValue("source", source).log("nothing to read");
      }
      return true;
    } catch (RestClientException | JacksonException e) {
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log("the state of a peer could not be read");
      return false;
    }
  }

  private void incidents() {
    var seen = new HashSet<UUID>();
    pages("?limit=" + PAGE_SIZE, 1, seen);
    pages(
        "?limit=" + PAGE_SIZE + "&state=OPEN,ACKNOWLEDGED,INVESTIGATING,IDENTIFIED,MITIGATED",
        MAX_PAGES,
        seen);
    // What is open here but was in no page has ended or gone in the meantime: ask for each.
    for (var open : known.open()) {
      if (!seen.contains(open.id()) && open.state() != IncidentState.RESOLVED) {
        one(open.id());
      }
    }
  }

  private void pages(String query, int most, HashSet<UUID> seen) {
    String next = null;
    for (int i = 0; i < most; i++) {
      var page = page(query, next);
      if (page == null) {
        return;
      }
      for (var incident : page.items()) {
        known.take(incident, clock.instant());
        seen.add(incident.id());
      }
      next = page.next();
      if (next == null) {
        return;
      }
    }
  }

  private @Nullable PageOf<IncidentView> page(String query, @Nullable String next) {
    var uri = "/api/v1/incidents" + query + (next == null ? "" : "&page={next}");
    var request = peers.client("incident").get();
    return (next == null ? request.uri(uri) : request.uri(uri, next)).retrieve().body(PAGE);
  }

  private void one(UUID id) {
    try {
      var incident =
          peers
              .client("incident")
              .get()
              .uri("/api/v1/incidents/{id}", id)
              .retrieve()
              .body(IncidentView.class);
      if (incident != null) {
        known.take(incident, clock.instant());
      }
    } catch (HttpClientErrorException.NotFound e) {
      known.forget(id, clock.instant());
    }
  }

  private void signals() {
    var body = peers.client("ingest").get().uri("/api/v1/signals").retrieve().body(String.class);
    for (var item : items(body)) {
      var batch = json.treeToValue(item, SignalsBatch.class);
      boolean silent =
          item.path("stale").asBoolean(false)
              && batch.signals().values().stream().allMatch(Objects::isNull);
      if (silent) {
        known.learn(batch);
      } else {
        known.take(batch);
      }
    }
  }

  /**
   * Reads the planned work, which no topic tells of; where that fails, what is known of it stays.
   */
  public void refreshMaintenance() {
    try {
      known.takeMaintenance(maintenance.windows(), clock.instant());
      known.heard("incident", clock.instant());
    } catch (RestClientException
        | JacksonException
        | DateTimeParseException
        | IllegalArgumentException e) {
      LOG.atDebug().setCause(e).log("the planned work could not be read, the last known stays");
    }
  }

  /** Reads the SLOs; they need ingest-service's database, so they may fail where signals do not. */
  public void refreshSlo() {
    try {
      slo();
    } catch (RestClientException | JacksonException e) {
      LOG.atDebug().setCause(e).log("the SLOs could not be read, the last known ones stay");
    }
  }

  private void slo() {
    var body = peers.client("ingest").get().uri("/api/v1/slo").retrieve().body(String.class);
    if (body != null) {
      // Parsed once, so that what is kept and passed on is JSON for certain.
      known.takeSlo(json.writeValueAsString(json.readTree(body)), clock.instant());
      known.heard("ingest", clock.instant());
    }
  }

  /** The items of a bare list or of a page. */
  private List<JsonNode> items(@Nullable String body) {
    if (body == null) {
      return List.of();
    }
    var tree = json.readTree(body);
    var list = tree.isArray() ? tree : tree.path("items");
    return list.valueStream().toList();
  }
}
