package dev.watchtower.ingest.doors.json;

import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.WriteResult;
import java.time.Clock;

/** Takes plain JSON samples. Thread-safe. */
public final class JsonDoor {
  private final TimeSeriesStore store;
  private final Clock clock;

  /** A door to the store; the clock gives the time of samples that have none. */
  public JsonDoor(TimeSeriesStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Stores a request.
   *
   * @param body decompressed
   * @param memory what the request may hold beyond the body
   * @throws dev.watchtower.ingest.doors.FaultyFieldException if it is faulty; nothing is stored
   * @throws dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException if it could not be
   *     stored now
   */
  public WriteResult accept(byte[] body, RequestMemory memory) {
    var table = store.table();
    var samples = JsonSamples.read(body, clock.millis(), memory);
    var batch = new SampleBatch(samples.size());
    for (var sample : samples) {
      // What a sample says itself stands; the lists of labels are for the rest.
      var by = table.identity().given(sample.service(), sample.env());
      switch (table.admit(sample.labels(), by)) {
        case SeriesTable.Admission.Admitted admitted ->
            batch.add(admitted.head(), sample.ts(), sample.value());
        case SeriesTable.Admission.Refused refused ->
            batch.refuse(refused.reason(), 1, refused.message());
      }
    }
    return store.write(table, batch, BodyCodec.REMOTE_WRITE_1, null);
  }
}
