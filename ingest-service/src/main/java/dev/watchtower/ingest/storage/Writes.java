package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.TimeSeriesStore.OpenStore;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands requests to the commit, waits for what becomes of them, and counts it. Thread-safe. */
final class Writes {
  private static final System.Logger LOG = System.getLogger(Writes.class.getName());

  private final Supplier<OpenStore> opened;
  private final BodyCodec codec;
  private final Housekeeping housekeeping;
  private final Clock clock;
  private final IngestCounters counters;
  private final Duration limit;
  private final Commits commits = new Commits(System::nanoTime);

  /**
   * @param opened throws StoreUnavailableException while storage is not open
   * @param housekeeping knows which samples are too old to be taken
   * @param limit how long a request waits for its commit
   */
  Writes(
      Supplier<OpenStore> opened,
      BodyCodec codec,
      Housekeeping housekeeping,
      Clock clock,
      IngestCounters counters,
      Duration limit) {
    this.opened = opened;
    this.codec = codec;
    this.housekeeping = housekeeping;
    this.clock = clock;
    this.counters = counters;
    this.limit = limit;
  }

  /** Whether a commit hangs, or nothing is stored any more. */
  boolean isStuck() {
    return commits.isStuck() || commits.isFailing();
  }

  /** Whether nothing has been stored for some seconds, though it was tried. */
  boolean isFailing() {
    return commits.isFailing();
  }

  /** See {@link TimeSeriesStore#write}. */
  WriteResult write(SeriesTable table, SampleBatch batch, int format, byte @Nullable [] body) {
    batch.removeUnassigned();
    var received = batch.size() + batch.refusals().total();
    try {
      var result = tryWrite(table, batch, received, format, body);
      counters.count(result);
      return result;
    } catch (UnfinishedWriteException e) {
      // It is counted when it is known what became of it.
      commits.failed();
      throw e;
    } catch (StoreUnavailableException e) {
      commits.failed();
      countLost(received, e);
      throw e;
    } catch (RuntimeException e) {
      countLost(received, e);
      LOG.log(System.Logger.Level.ERROR, "a request could not be stored", e);
      throw new StoreUnavailableException("a fault of Watchtower, see the log of ingest", e);
    }
  }

  private void countLost(long received, Throwable e) {
    var lost = new Refusals();
    lost.add(Refusal.UNAVAILABLE, received, String.valueOf(e.getMessage()));
    counters.count(new WriteResult(0, 0, lost));
  }

  private void countLater(CompletableFuture<WriteResult> done, long received) {
    var unused =
        done.whenComplete((result, fault) -> {
          if (fault == null) {
            commits.stored();
            counters.count(result);
          } else {
            commits.failed();
            countLost(received, fault);
          }
        });
  }

  private WriteResult tryWrite(
      SeriesTable table, SampleBatch batch, long received, int format, byte @Nullable [] body) {
    var store = opened.get();
    if (store.table() != table) {
      // Nobody reads the heads in the batch any more, and their numbers may be those of others now.
      throw new StoreUnavailableException("storage was opened anew meanwhile");
    }
    var now = clock.millis();
    batch.refuseOutside(housekeeping.oldest(now), now + StorageSettings.MAX_AHEAD.toMillis());
    if (batch.size() == 0) {
      return new WriteResult(0, 0, batch.refusals());
    }
    // A body of which a part was refused must not come back whole at replay.
    var whole = body != null && batch.refusals().total() == 0;
    var bytes = whole && body != null ? body : codec.encode(batch);
    var done = store.commit().submit(batch, whole ? format : BodyCodec.STORED_1, bytes);
    commits.waits();
    try {
      var result = done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      commits.stored();
      return result;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreUnavailableException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException("storage failed on a batch", e.getCause());
    } catch (TimeoutException e) {
      countLater(done, received);
      throw new UnfinishedWriteException(
          "the commit takes too long (it may still succeed: to send it again changes nothing then)",
          e,
          done);
    } catch (InterruptedException e) {
      countLater(done, received);
      Thread.currentThread().interrupt();
      throw new UnfinishedWriteException("interrupted while waiting for the commit", e, done);
    } finally {
      commits.answered();
    }
  }
}
