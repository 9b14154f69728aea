package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Samples;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Applies batches to heads and cuts them. Used by one thread; the count may be read by any. */
final class HeadWriter {
  private static final long ANY_AGE = Long.MAX_VALUE / 2;

  private final long window;
  private final HeadIndex index;
  private final Clock clock;
  private List<Head> dirty = new ArrayList<>();
  private volatile long unsealed;
  private volatile long changed;

  HeadWriter(HeadIndex index, StorageSettings settings, Clock clock) {
    this.index = index;
    this.clock = clock;
    this.window = settings.outOfOrderWindow().toMillis();
  }

  /** Samples applied since the last cut. */
  long unsealed() {
    return unsealed;
  }

  /** Series of which something was applied since the last cut. */
  long changed() {
    return changed;
  }

  /** Applies a batch; then only the samples that were stored are left in it, in order. */
  WriteResult apply(SampleBatch batch) {
    return apply(batch, window);
  }

  /** The same at replay: however late a sample is, it was logged and may have been taken. */
  WriteResult replay(SampleBatch batch) {
    return apply(batch, ANY_AGE);
  }

  private WriteResult apply(SampleBatch batch, long window) {
    var now = clock.millis();
    var received = batch.size();
    var refusedBefore = batch.refusals().total();
    var kept = 0;
    ServiceClock service = null;
    var own = false;
    var newest = Long.MIN_VALUE;
    for (var i = 0; i < received; i++) {
      var head = batch.head(i);
      var ts = batch.timestamp(i);
      var outcome = head.append(ts, batch.value(i), window, now);
      while (outcome == Head.Outcome.GONE) {
        head = index.findOrCreate(head.series().labels());
        batch.assign(i, i + 1, head);
        outcome = head.append(ts, batch.value(i), window, now);
      }
      switch (outcome) {
        case STORED -> {
          if (!head.dirty) {
            head.dirty = true;
            dirty.add(head);
          }
          if (!Samples.isStale(batch.value(i))) {
            if (head.service() != service || head.isOwn() != own) {
              if (service != null) {
                service.saw(newest, own);
              }
              service = head.service();
              own = head.isOwn();
              newest = ts;
            } else if (ts > newest) {
              newest = ts;
            }
          }
          batch.keep(i, kept++);
        }
        case GONE -> throw new IllegalStateException("not possible: it was looked up");
        case DUPLICATE -> {
          // Counted below.
        }
        case CONFLICT ->
            batch.refuse(i, Refusal.CONFLICT, "has another value stored for the same time");
        case TOO_OLD -> batch.refuse(i, Refusal.TOO_OLD, "is behind the out-of-order window");
      }
    }
    if (service != null) {
      service.saw(newest, own);
    }
    batch.truncate(kept);
    added(kept);
    var refused = batch.refusals().total() - refusedBefore;
    return new WriteResult(kept, received - kept - refused, batch.refusals());
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread
  private void added(long samples) {
    unsealed += samples;
    changed = dirty.size();
  }

  /** Closes the chunks of all heads that have something new, and hands them out. */
  List<Sealing.Item> cut() {
    var items = new ArrayList<Sealing.Item>(dirty.size());
    for (var head : dirty) {
      head.dirty = false;
      head.cut(chunk -> items.add(new Sealing.Item(head, chunk)));
    }
    dirty = new ArrayList<>();
    changed = 0;
    unsealed = 0;
    return items;
  }
}
