package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request that waits for its commit, and then for its place among the others. */
@SuppressWarnings("ArrayRecordComponent")
record PendingWrite(
    SampleBatch batch, int format, byte[] body, CompletableFuture<WriteResult> done) {

  static void refuse(List<PendingWrite> all, String why) {
    all.forEach(p -> p.done().completeExceptionally(new StoreUnavailableException(why)));
  }
}
