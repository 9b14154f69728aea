package dev.watchtower.monitor.probe;

import java.util.Map;
import java.util.Set;

/** Where observed states outlive the process. */
public interface ObservedStates {
  /** All of them, by the name of the target. */
  Map<String, Observed> load();

  /** Keeps one. */
  void save(String target, Observed observed);

  /** Forgets those of all other targets. */
  void keepOnly(Set<String> targets);
}
