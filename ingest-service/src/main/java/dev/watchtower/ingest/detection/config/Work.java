package dev.watchtower.ingest.detection.config;

import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.Pace;

/** A piece of work of the detection loop; the same again while it waits is one. */
sealed interface Work {
  /** The golden signals of a service. */
  record OfService(ObservedService service) implements Work {
    @Override
    public String name() {
      return "services." + service.key();
    }

    @Override
    public long rest(Pace pace, long cost) {
      return pace.stretched(cost);
    }
  }

  /** A rule on an expression. */
  record OfRule(String rule) implements Work {
    @Override
    public String name() {
      return "rules." + rule;
    }

    @Override
    public long rest(Pace pace, long cost) {
      return Pace.urgent(cost);
    }
  }

  /** What it is, in the words of the catalog. */
  String name();

  /** How long it rests after it took that long, in nanoseconds. */
  long rest(Pace pace, long cost);
}
