package dev.watchtower.ingest.detection.config;

import dev.watchtower.ingest.golden.ObservedService;

/** A piece of work of the detection loop; the same again while it waits is one. */
sealed interface Work {
  /** The golden signals of a service. */
  record OfService(ObservedService service) implements Work {
    @Override
    public String name() {
      return "services." + service.key();
    }
  }

  /** A rule on an expression. */
  record OfRule(String rule) implements Work {
    @Override
    public String name() {
      return "rules." + rule;
    }
  }

  /** What it is, in the words of the catalog. */
  String name();
}
