package dev.watchtower.monitor.uptime;

import java.util.Map;

/** Something whose subjects have their time counted. */
@FunctionalInterface
public interface ConditionSource {
  /** Prefix of the subjects that are probes. */
  String PROBE = "probe:";

  /** Prefix of the subjects that are components of the status page. */
  String COMPONENT = "component:";

  /** The condition of each subject now; must not wait. */
  Map<String, Condition> conditions();
}
