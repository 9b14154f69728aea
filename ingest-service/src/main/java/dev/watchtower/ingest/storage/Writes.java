package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.TimeSeriesStore.OpenStore;
import java.time.Clock;
import java.time.Duration;
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
  private final StorageSettings settings;
  private final Clock clock;
  private final IngestCounters counters;
  private final Duration limit;
  private final Commits commits = new Commits(System::nanoTime);

  /**
   * @param opened throws StoreUnavailableException while storage is not open
   * @param limit how long a request waits for its commit
   */
  Writes(
      Supplier<OpenStore> opened,
      BodyCodec codec,
      StorageSettings settings,
      Clock clock,
      IngestCounters counters,
      Duration limit) {
    this.opened = opened;
    this.codec = codec;
    this.settings = settings;
    this.clock = clock;
    this.counters = counters;
    this.limit = limit;
  }

  /** Whether a commit hangs. */
  boolean isStuck() {
    return commits.isStuck();
  }

  /** See {@link TimeSeriesStore#write}. */
  WriteResult write(SeriesTable table, SampleBatch batch, int format, byte @Nullable [] body) {
    batch.removeUnassigned();
    var received = batch.size() + batch.refusals().total();
    try {
      var result = tryWrite(table, batch, format, body);
      counters.count(result);
      return result;
    } catch (StoreUnavailableException e) {
      countLost(received, e);
      throw e;
    } catch (RuntimeException e) {
      countLost(received, e);
      LOG.log(System.Logger.Level.ERROR, "a request could not be stored", e);
      throw new StoreUnavailableException("a fault of Watchtower, see the log of ingest", e);
    }
  }

  private void countLost(long received, RuntimeException e) {
    var lost = new Refusals();
    lost.add(Refusal.UNAVAILABLE, received, String.valueOf(e.getMessage()));
    counters.count(new WriteResult(0, 0, lost));
  }

  private WriteResult tryWrite(
      SeriesTable table, SampleBatch batch, int format, byte @Nullable [] body) {
    var store = opened.get();
    if (store.table() != table) {
      // Nobody reads the heads in the batch any more, and their numbers may be those of others now.
      throw new StoreUnavailableException("storage was opened anew meanwhile");
    }
    var now = clock.millis();
    batch.refuseOutside(
        now - settings.retention().raw().toMillis(), now + StorageSettings.MAX_AHEAD.toMillis());
    if (batch.size() == 0) {
      return new WriteResult(0, 0, batch.refusals());
    }
    // A body of which a part was refused must not come back whole at replay.
    var whole = body != null && batch.refusals().total() == 0;
    var bytes = whole && body != null ? body : codec.encode(batch);
    var done = store.commit().submit(batch, whole ? format : BodyCodec.STORED_1, bytes);
    commits.waits();
    try {
      return done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreUnavailableException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException("storage failed on a batch", e.getCause());
    } catch (TimeoutException e) {
      throw new UnfinishedWriteException("the commit takes too long", e, done);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnfinishedWriteException("interrupted while waiting for the commit", e, done);
    } finally {
      commits.answered();
    }
  }
}
