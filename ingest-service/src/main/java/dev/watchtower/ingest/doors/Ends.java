package dev.watchtower.ingest.doors;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;

/**
 * Ends the series that a histogram or summary has become. Its last word names no bound, so they are
 * looked up: what is not ended would go on for the five minutes of the look-back, and a quantile
 * over what is left would be wrong. For one request.
 */
public final class Ends {
  /** Many times what ends at once; each is a search. The rest ends by the look-back. */
  private static final int MAX = 10_000;

  private final SeriesTable table;
  private final SampleBatch batch;
  private final RequestMemory memory;
  private int ended;

  /** Ends series of the table, in the batch. */
  public Ends(SeriesTable table, SampleBatch batch, RequestMemory memory) {
    this.table = table;
    this.batch = batch;
    this.memory = memory;
  }

  /**
   * Ends those that have these labels and one more.
   *
   * @param labels as sent, with the metric's name
   * @param label the one that tells them apart, {@code le} or {@code quantile}
   * @param ts of the end
   */
  public void of(Labels labels, String label, long ts) {
    if (++ended > MAX) {
      return;
    }
    for (var head : table.running(labels, label)) {
      memory.use(RequestMemory.LABELLED_SAMPLE);
      batch.add(head, ts, Samples.STALE);
    }
  }

  /** Whether anything was looked up: then the batch cannot be made of the body once more. */
  public boolean any() {
    return ended > 0;
  }
}
