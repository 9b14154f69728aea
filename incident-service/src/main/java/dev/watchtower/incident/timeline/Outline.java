package dev.watchtower.incident.timeline;

import dev.watchtower.common.wire.TimelineEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A timeline in short: a storm of signals leaves the rest of it readable.
 *
 * @param length how many entries it has
 * @param entries its entries in order; without those about signals if {@code runs} stand for them
 * @param runs what signals did between the entries, in order; empty where nothing was folded
 * @param worst the highest value that each signal fired with, by its fingerprint
 * @param firings the times in which a signal fired, in order, by its fingerprint
 */
public record Outline(
    long length,
    List<TimelineEntry> entries,
    List<SignalRun> runs,
    Map<String, Double> worst,
    Map<String, List<Firing>> firings) {
  public Outline {
    entries = List.copyOf(entries);
    runs = List.copyOf(runs);
    worst = Map.copyOf(worst);
    firings = Map.copyOf(firings);
  }

  /**
   * A time in which a signal fired.
   *
   * @param told when it fired as it was told of last: later than {@code from} if it got worse
   * @param to when it cleared; null if the timeline does not tell
   * @param flapped whether it flapped: what it did in between was not told
   */
  public record Firing(Instant from, Instant told, @Nullable Instant to, boolean flapped) {}

  /**
   * Entries about signals with no other between them.
   *
   * @param seq the number of the first of them
   * @param from the time of the first
   * @param to the time of the last
   */
  public record SignalRun(long seq, Instant from, Instant to, long fired, long cleared) {}
}
