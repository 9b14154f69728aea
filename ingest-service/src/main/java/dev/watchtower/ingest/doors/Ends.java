package dev.watchtower.ingest.doors;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.ServiceIdentity;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends the series that a histogram or summary has become. Its last word names no bound, so they are
 * looked up: what is not ended would go on for the five minutes of the look-back, and a quantile
 * over what is left would be wrong. All of a request are looked up together, since the series of
 * one metric are the same ones for each. For one request.
 */
public final class Ends {
  /**
   * Series that a request may have looked at, some tenths of a second's work. What is beyond ends
   * by the look-back.
   */
  private static final int MOST = 200_000;

  private record Metric(String name, String label) {}

  /**
   * An end.
   *
   * @param part of the request that says so
   */
  private record Ending(long ts, int part) {}

  private final SeriesTable table;
  private final SampleBatch batch;
  private final RequestMemory memory;
  private final int most;

  /** By metric, for each of its labels when they ended. */
  private final Map<Metric, Map<Labels, List<Ending>>> ended = new LinkedHashMap<>();

  /** Ends series of the table, in the batch. */
  public Ends(SeriesTable table, SampleBatch batch, RequestMemory memory) {
    this(table, batch, memory, MOST);
  }

  Ends(SeriesTable table, SampleBatch batch, RequestMemory memory, int most) {
    this.table = table;
    this.batch = batch;
    this.memory = memory;
    this.most = most;
  }

  /**
   * Those that have these labels and one more have ended; {@link #find} ends them.
   *
   * @param labels as sent, with the metric's name
   * @param label the one that tells them apart, {@code le} or {@code quantile}
   * @param ts of the end
   */
  public void of(Labels labels, String label, long ts) {
    of(labels, table.identity(), label, ts);
  }

  /**
   * The same.
   *
   * @param by makes the service and environment of the labels
   */
  public void of(Labels labels, ServiceIdentity by, String label, long ts) {
    memory.use(RequestMemory.LABELLED_SAMPLE);
    var identified = by.identify(labels);
    ended
        .computeIfAbsent(new Metric(identified.metricName(), label), metric -> new HashMap<>())
        .computeIfAbsent(identified, key -> new ArrayList<>(1))
        .add(new Ending(ts, batch.part()));
  }

  /**
   * Looks all of them up and ends them, at the end of the request, each for the part of it that
   * said so; what is added to the batch after that belongs to no part.
   *
   * @return how many series and labels were looked at
   */
  public int find() {
    var looked = 0;
    for (var metric : ended.entrySet()) {
      var times = metric.getValue();
      looked +=
          table.running(
              times.keySet(),
              metric.getKey().label(),
              most - looked,
              (labels, head) -> {
                memory.use(RequestMemory.beyondUsual(head.series().labels()));
                for (var ending : times.getOrDefault(labels, List.of())) {
                  memory.use(RequestMemory.LABELLED_SAMPLE);
                  batch.part(ending.part());
                  batch.add(head, ending.ts(), Samples.STALE);
                }
              });
    }
    batch.part(0);
    return looked;
  }

  /** Whether anything was to be looked up: then the batch cannot be made of the body once more. */
  public boolean any() {
    return !ended.isEmpty();
  }
}
