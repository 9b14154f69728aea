package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.Ends;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import dev.watchtower.ingest.doors.Numbers;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.doors.remotewrite.LabelBytes.BadLabelsException;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The native histograms of a request. They become the classic {@code _bucket}, {@code _count} and
 * {@code _sum} when the whole request has been read, so that a malformed one leaves nothing behind.
 * Not thread-safe.
 */
final class NativeHistograms {
  /**
   * What became of them.
   *
   * @param read how many there were; each is a part of the batch, from 1
   * @param markers ends that came as plain samples, parts too
   * @param samples how many samples they became, the refused ones too
   * @param ends whether some say only that they have ended: of what is known of their bounds now,
   *     so that the same bytes may become other samples later
   */
  record Outcome(long read, long markers, long samples, boolean ends) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Item(byte[] bytes, int from, int to, List<NativeHistogram> histograms) {}

  private static final String COUNT = "_count";

  /** Many times what senders put into one request. */
  private static final int MAX_HISTOGRAMS = 100_000;

  private static final int MAX_SAMPLES = 2_000_000;

  private record Marker(Labels labels, long ts) {}

  private final List<Item> items = new ArrayList<>();
  private final RequestMemory memory;
  private final List<Marker> markers = new ArrayList<>();
  private List<NativeHistogram> open = new ArrayList<>();
  private int found;
  private int part;

  /** None so far; the memory is asked before any is kept. */
  NativeHistograms(RequestMemory memory) {
    this.memory = memory;
  }

  /**
   * Reads a histogram of the series that is being read; its labels come with {@link #series}.
   *
   * @param reader stands at its field of bytes
   */
  void read(ProtoReader reader) {
    if (++found > MAX_HISTOGRAMS) {
      throw BadBodyException.malformed(
          "more than " + MAX_HISTOGRAMS + " native histograms in one request");
    }
    open.add(NativeHistogram.read(reader, memory));
  }

  /**
   * The labels of the histograms since the last call.
   *
   * @return whether there were any, so that the bytes are kept
   */
  boolean series(byte[] bytes, int from, int to) {
    if (open.isEmpty()) {
      return false;
    }
    items.add(new Item(bytes, from, to, open));
    open = new ArrayList<>();
    return true;
  }

  /**
   * The histogram of these labels has ended, as a plain sample says: an agent does not remember
   * what a series was that it misses. The table has its count.
   */
  void ended(Labels labels, long ts) {
    memory.use(RequestMemory.LABELLED_SAMPLE);
    markers.add(new Marker(labels, ts));
  }

  /** Whether labels as sent are those of a histogram and of no plain series. */
  static boolean isOne(Labels labels, SeriesTable table) {
    return table.has(named(labels, COUNT)) && !table.has(labels);
  }

  /** Adds the samples to the batch. */
  Outcome resolve(SeriesTable table, SampleBatch batch) {
    var before = batch.size();
    var refused = batch.refusals().total();
    var ends = new Ends(table, batch, memory);
    for (var item : items) {
      try {
        var labels = LabelBytes.parse(item.bytes(), item.from(), item.to());
        if (labels.metricName().isEmpty()) {
          throw new BadLabelsException("no metric name in " + labels);
        }
        for (var histogram : item.histograms()) {
          batch.part(++part);
          if (batch.size() - (long) before > MAX_SAMPLES) {
            batch.refuse(Refusal.UNSUPPORTED, 1, "native histograms with too many buckets at once");
          } else {
            add(labels, histogram, table, batch, ends);
          }
        }
      } catch (BadLabelsException e) {
        for (var _ : item.histograms()) {
          batch.part(++part);
          batch.refuse(Refusal.BAD_LABELS, 1, String.valueOf(e.getMessage()));
        }
      }
    }
    var read = part;
    for (var marker : markers) {
      batch.part(++part);
      end(marker.labels(), marker.ts(), table, batch, ends);
    }
    ends.find();
    var samples = batch.size() - (long) before + batch.refusals().total() - refused;
    return new Outcome(read, markers.size(), samples, ends.any());
  }

  private void add(
      Labels labels, NativeHistogram histogram, SeriesTable table, SampleBatch batch, Ends ends) {
    var ts = histogram.timestamp();
    try {
      if (histogram.isStale()) {
        end(labels, ts, table, batch, ends);
      } else {
        var cumulative = histogram.cumulative(labels.metricName());
        cumulative.forEach(
            (bound, count) -> sample(bucket(labels, bound), ts, count, table, batch));
        sample(bucket(labels, Double.POSITIVE_INFINITY), ts, histogram.count(), table, batch);
        sample(named(labels, COUNT), ts, histogram.count(), table, batch);
        sample(named(labels, "_sum"), ts, histogram.sum(), table, batch);
      }
    } catch (UnusableException e) {
      batch.refuse(Refusal.UNSUPPORTED, 1, labels + ": " + e.getMessage());
    }
  }

  private void end(Labels labels, long ts, SeriesTable table, SampleBatch batch, Ends ends) {
    sample(named(labels, COUNT), ts, Samples.STALE, table, batch);
    sample(named(labels, "_sum"), ts, Samples.STALE, table, batch);
    ends.of(named(labels, "_bucket"), "le", ts);
  }

  private void sample(Labels labels, long ts, double value, SeriesTable table, SampleBatch batch) {
    memory.use(RequestMemory.SAMPLE);
    switch (table.admit(labels)) {
      case SeriesTable.Admission.Admitted admitted -> batch.add(admitted.head(), ts, value);
      case SeriesTable.Admission.Refused no -> batch.refuse(no.reason(), 1, no.message());
    }
  }

  private static Labels named(Labels labels, String suffix) {
    return labels.with(Labels.METRIC_NAME, labels.metricName() + suffix);
  }

  private static Labels bucket(Labels labels, double bound) {
    var all = new TreeMap<>(labels.toMap());
    all.put(Labels.METRIC_NAME, labels.metricName() + "_bucket");
    all.put("le", Numbers.text(bound));
    return Labels.of(all);
  }
}
