package dev.watchtower.ingest.detection;

import java.util.List;

/** What is wrong with rules at present. Any thread. */
@FunctionalInterface
public interface RuleFaults {
  /** One line each; those of a rule begin with {@code rules.NAME: }. */
  List<String> faults();
}
