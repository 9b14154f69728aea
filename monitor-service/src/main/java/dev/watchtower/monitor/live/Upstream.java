package dev.watchtower.monitor.live;

import dev.watchtower.common.live.LiveDestinations;
import java.util.List;
import java.util.Optional;

/** The services whose live topics are passed on to the browsers, and which topics those are. */
public enum Upstream {
  INGEST("ingest", List.of("/topic/metrics.*", "/topic/detections")),
  INCIDENT("incident", List.of("/topic/incidents")),
  CHAOS("chaos", List.of("/topic/runs"));

  /** This service's own topic. */
  public static final String HEALTH = "/topic/health";

  /** The samples of a selector, which each subscription has for itself. */
  public static final String SERIES = "/topic/series";

  private static final String OF_AN_INCIDENT = "/topic/incidents.";

  /** What browsers may listen to. No pattern has a selector. */
  public static final LiveDestinations RELAYED =
      LiveDestinations.of(
              "/topic/metrics.{env}.{service}",
              "/topic/detections",
              "/topic/incidents",
              OF_AN_INCIDENT + "{id}",
              "/topic/runs",
              HEALTH)
          .oneByOne(SERIES);

  private final String peer;
  private final List<String> always;

  Upstream(String peer, List<String> always) {
    this.peer = peer;
    this.always = always;
  }

  /** Its name among the peers. */
  public String peer() {
    return peer;
  }

  /** What is subscribed to as long as it is connected. */
  public List<String> always() {
    return always;
  }

  /**
   * What incident-service has to be asked for while somebody listens to {@code destination}: a
   * single incident, or every one for a pattern that may mean some.
   */
  public static Optional<String> onDemand(String destination) {
    if (!destination.endsWith("*")) {
      return destination.startsWith(OF_AN_INCIDENT) ? Optional.of(destination) : Optional.empty();
    }
    var start = destination.substring(0, destination.length() - 1);
    return OF_AN_INCIDENT.startsWith(start) || start.startsWith(OF_AN_INCIDENT)
        ? Optional.of(OF_AN_INCIDENT + "*")
        : Optional.empty();
  }
}
