package dev.watchtower.monitor.live;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The services whose live topics are passed on to the browsers, and which topics those are. */
public enum Upstream {
  INGEST("ingest", List.of("/topic/metrics.*", "/topic/detections"), "/topic/metrics\\..+"),
  INCIDENT("incident", List.of("/topic/incidents"), "/topic/incidents\\." + Upstream.ID),
  CHAOS("chaos", List.of("/topic/runs"), "/topic/runs");

  /** This service's own topic. */
  public static final String HEALTH = "/topic/health";

  /** As incidents are numbered; anything else would be asked for in vain. */
  private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private final String peer;
  private final List<String> always;
  private final Pattern family;

  Upstream(String peer, List<String> always, String family) {
    this.peer = peer;
    this.always = always;
    this.family = Pattern.compile(family);
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
    return INCIDENT.family.matcher(destination).matches()
        ? Optional.of(INCIDENT)
        : Optional.empty();
  }

  /** Whether browsers may listen to {@code destination}. */
  public static boolean isRelayed(String destination) {
    if (destination.equals(HEALTH)) {
      return true;
    }
    for (var upstream : values()) {
      if (upstream.always.contains(destination) || upstream.family.matcher(destination).matches()) {
        return true;
      }
    }
    return false;
  }
}
