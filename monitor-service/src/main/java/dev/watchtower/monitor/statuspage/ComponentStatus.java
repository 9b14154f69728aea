package dev.watchtower.monitor.statuspage;

import dev.watchtower.monitor.uptime.Condition;

/** How a component does, from best to worst; the names of the Statuspage API in {@link #api}. */
public enum ComponentStatus {
  /**
   * Not measured yet, or, where nothing probes it, not now. The API has no word for it and says
   * operational.
   */
  UNKNOWN("operational", "Checking", Condition.UNKNOWN),
  OPERATIONAL("operational", "Operational", Condition.UP),
  /** Planned work is going on, and nothing is wrong elsewhere. Its time counts as nothing. */
  UNDER_MAINTENANCE("under_maintenance", "Under maintenance", Condition.UNKNOWN),
  DEGRADED("degraded_performance", "Degraded", Condition.DEGRADED),
  PARTIAL_OUTAGE("partial_outage", "Partial outage", Condition.DOWN),
  MAJOR_OUTAGE("major_outage", "Major outage", Condition.DOWN);

  private final String api;
  private final String words;
  private final Condition condition;

  ComponentStatus(String api, String words, Condition condition) {
    this.api = api;
    this.words = words;
    this.condition = condition;
  }

  /** As the Statuspage API writes it. */
  public String api() {
    return api;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** How its time counts. */
  public Condition condition() {
    return condition;
  }
}
