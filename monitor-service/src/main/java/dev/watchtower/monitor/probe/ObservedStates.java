package dev.watchtower.monitor.probe;

import java.util.Map;

/** Where observed states outlive the process. */
public interface ObservedStates {
  /** All of them, by the name of the target. */
  Map<String, Observed> load();

  /** Keeps one. */
  void save(String target, Observed observed);
}
