package dev.watchtower.monitor.statuspage;

import java.util.Locale;

/** The state of everything together, and the impact of an incident. */
public enum Indicator {
  NONE,
  /** Of the whole only, never of an incident. */
  MAINTENANCE,
  MINOR,
  MAJOR,
  CRITICAL;

  /** As the Statuspage API writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a component in that state makes of the whole. */
  public static Indicator of(ComponentStatus worst) {
    return switch (worst) {
      case UNKNOWN, OPERATIONAL -> NONE;
      case UNDER_MAINTENANCE -> MAINTENANCE;
      case DEGRADED -> MINOR;
      case PARTIAL_OUTAGE -> MAJOR;
      case MAJOR_OUTAGE -> CRITICAL;
    };
  }
}
