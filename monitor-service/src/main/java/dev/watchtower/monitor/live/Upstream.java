package dev.watchtower.monitor.live;

import java.util.List;
import java.util.Optional;

/** The services whose live topics are passed on to the browsers, and which topics those are. */
public enum Upstream {
  INGEST("ingest", List.of("/topic/metrics.*", "/topic/detections"), List.of("/topic/metrics.")),
  INCIDENT("incident", List.of("/topic/incidents"), List.of("/topic/incidents.")),
  CHAOS("chaos", List.of("/topic/runs"), List.of());

  /** This service's own topic. */
  public static final String HEALTH = "/topic/health";

  private final String peer;
  private final List<String> always;
  private final List<String> families;

  Upstream(String peer, List<String> always, List<String> families) {
    this.peer = peer;
    this.always = always;
    this.families = families;
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
    return destination.startsWith("/topic/incidents.") && !destination.endsWith("*")
        ? Optional.of(INCIDENT)
        : Optional.empty();
  }

  /** Whether browsers may listen to {@code destination}. */
  public static boolean isRelayed(String destination) {
    if (destination.equals(HEALTH)) {
      return true;
    }
    for (var upstream : values()) {
      if (upstream.always.contains(destination)
          || upstream.families.stream()
              .anyMatch(f -> destination.startsWith(f) && destination.length() > f.length())) {
        return true;
      }
    }
    return false;
  }
}
