package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Applies batches to heads and cuts them. Used by one thread; the count may be read by any. */
final class HeadWriter {
  private final long window;
  private List<Head> dirty = new ArrayList<>();
  private volatile long unsealed;

  HeadWriter(StorageSettings settings) {
    this.window = settings.outOfOrderWindow().toMillis();
  }

  /** Samples applied since the last cut. */
  long unsealed() {
    return unsealed;
  }

  /**
   * Applies a batch.
   *
   * @param stored is given the places of the samples that were stored, in order
   */
  WriteResult apply(SampleBatch batch, IntConsumer stored) {
    var storedCount = 0L;
    var duplicates = 0L;
    for (var i = 0; i < batch.size(); i++) {
      var head = batch.head(i);
      var ts = batch.timestamp(i);
      switch (head.append(ts, batch.value(i), window)) {
        case STORED -> {
          storedCount++;
          if (!head.dirty) {
            head.dirty = true;
            dirty.add(head);
          }
          if (!Samples.isStale(batch.value(i))) {
            head.service().saw(ts);
          }
          stored.accept(i);
        }
        case DUPLICATE -> duplicates++;
        case CONFLICT ->
            batch.refuse(i, Refusal.CONFLICT, "has another value stored for the same time");
        case TOO_OLD -> batch.refuse(i, Refusal.TOO_OLD, "is behind the out-of-order window");
      }
    }
    added(storedCount);
    return new WriteResult(storedCount, duplicates, batch.refusals());
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread
  private void added(long samples) {
    unsealed += samples;
  }

  /** Closes the chunks of all heads that have something new, and hands them out. */
  List<Sealing.Item> cut() {
    var items = new ArrayList<Sealing.Item>(dirty.size());
    for (var head : dirty) {
      head.dirty = false;
      head.cut(chunk -> items.add(new Sealing.Item(head, chunk)));
    }
    dirty = new ArrayList<>();
    unsealed = 0;
    return items;
  }
}
