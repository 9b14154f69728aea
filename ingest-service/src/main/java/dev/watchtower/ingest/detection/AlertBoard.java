package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules in force and how they stand, as of about a second ago. Any threads. */
public final class AlertBoard {
  /**
   * How rules stand at a moment.
   *
   * @param rules in the order of the catalog
   * @param at milliseconds since the epoch
   */
  public record Standing(List<Catalog.Rule> rules, List<OpenBreach> open, long at) {
    public Standing {
      rules = List.copyOf(rules);
      open = List.copyOf(open);
    }
  }

  private volatile @Nullable Standing now;

  /** Nothing is known yet. */
  public AlertBoard() {}

  /** So they stand now; by the thread of the detector. */
  public void put(Detector detector, long at) {
    now = new Standing(detector.rules().all(), detector.open(), at);
  }

  /** How they stand; empty before what fired in the last life is known. */
  public Optional<Standing> now() {
    return Optional.ofNullable(now);
  }
}
