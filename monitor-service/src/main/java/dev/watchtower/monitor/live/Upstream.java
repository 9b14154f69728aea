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

  private static final String ONE_INCIDENT = "/topic/incidents.{id}";
  private static final LiveDestinations ON_DEMAND = LiveDestinations.of().oneByOne(ONE_INCIDENT);

  /** What browsers may listen to. A pattern would miss the incidents that nobody asks for. */
  public static final LiveDestinations RELAYED =
      LiveDestinations.of(
              "/topic/metrics.{env}.{service}",
              "/topic/detections",
              "/topic/incidents",
              "/topic/runs",
              HEALTH)
          .oneByOne(ONE_INCIDENT);

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
   * The upstream that has to be asked for {@code destination} only while somebody listens to it.
   */
  public static Optional<Upstream> onDemand(String destination) {
    return ON_DEMAND.has(destination) ? Optional.of(INCIDENT) : Optional.empty();
  }
}
