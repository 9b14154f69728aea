package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.remotewrite.LabelBytes.BadLabelsException;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.storage.LabelKey;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Series of a request that were not known by their bytes. They are admitted only when the whole
 * request has been read, so that a malformed one leaves nothing behind. Not thread-safe.
 */
final class PendingSeries {
  @SuppressWarnings("ArrayRecordComponent")
  private record Item(byte[] bytes, int labelsFrom, int labelsTo, int from, int to) {}

  private final boolean stored;
  private final List<Item> items = new ArrayList<>();
  private final LabelKey key = new LabelKey();

  private PendingSeries(boolean stored) {
    this.stored = stored;
  }

  /** Of a request from outside. */
  static PendingSeries sent() {
    return new PendingSeries(false);
  }

  /** Of labels as they are stored; by their bytes nothing is known, and nothing will be. */
  static PendingSeries stored() {
    return new PendingSeries(true);
  }

  /** The samples from one place of the batch (included) to another (not) are of these labels. */
  void add(byte[] bytes, int labelsFrom, int labelsTo, int from, int to) {
    items.add(new Item(bytes, labelsFrom, labelsTo, from, to));
  }

  /**
   * Admits the series or refuses their samples. The end of a series that was never there may be
   * that of a histogram.
   */
  void resolve(SeriesTable table, SampleBatch batch, NativeHistograms histograms) {
    if (items.isEmpty()) {
      return;
    }
    for (var item : items) {
      key.over(item.bytes(), item.labelsFrom(), item.labelsTo());
      var head = stored ? null : table.find(key);
      if (head != null) {
        batch.assign(item.from(), item.to(), head);
        continue;
      }
      try {
        var labels = LabelBytes.parse(item.bytes(), item.labelsFrom(), item.labelsTo());
        if (!stored && onlyEnds(item, batch) && NativeHistograms.isOne(labels, table)) {
          for (var i = item.from(); i < item.to(); i++) {
            histograms.ended(labels, batch.timestamp(i));
          }
          continue;
        }
        switch (table.admit(labels, table.identity().given(stored, stored))) {
          case SeriesTable.Admission.Admitted admitted -> {
            if (!stored) {
              table.remember(key, admitted.head());
            }
            batch.assign(item.from(), item.to(), admitted.head());
          }
          case SeriesTable.Admission.Refused refused ->
              batch.refuse(refused.reason(), item.to() - item.from(), refused.message());
        }
      } catch (BadLabelsException e) {
        batch.refuse(Refusal.BAD_LABELS, item.to() - item.from(), String.valueOf(e.getMessage()));
      }
    }
    batch.removeUnassigned();
  }

  private static boolean onlyEnds(Item item, SampleBatch batch) {
    for (var i = item.from(); i < item.to(); i++) {
      if (!Samples.isStale(batch.value(i))) {
        return false;
      }
    }
    return true;
  }
}
