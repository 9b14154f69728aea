package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Where other parts of detection put what they found, for the thread that decides. While there is
 * no room findings are dropped and counted: they say how it stands, and whoever looks again will
 * find it again. Any threads.
 */
public final class FindingBox {
  /** Rules with findings that may wait. */
  public static final int ROOM = 1_000;

  /** What a rule found, the graver first. */
  public record Found(Catalog.Rule rule, List<Finding> findings) {
    public Found {
      findings = List.copyOf(findings);
    }
  }

  private final ArrayBlockingQueue<Found> waiting = new ArrayBlockingQueue<>(ROOM);
  private final LongAdder dropped = new LongAdder();

  /** Has the rule applied to what was found. */
  public void put(Catalog.Rule rule, List<Finding> findings) {
    if (!findings.isEmpty() && !waiting.offer(new Found(rule, findings))) {
      dropped.increment();
    }
  }

  /** The next, null for none. */
  public @Nullable Found poll() {
    return waiting.poll();
  }

  /** How many were dropped. */
  public long dropped() {
    return dropped.sum();
  }
}
