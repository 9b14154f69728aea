package dev.watchtower.ingest.storage;

/** Bodies as they lie in the log. */
public interface BodyCodec {
  /** Remote write 1.0: snappy-compressed {@code prometheus.WriteRequest}. */
  int REMOTE_WRITE_1 = 1;

  /** Remote write 2.0: snappy-compressed {@code io.prometheus.write.v2.Request}. */
  int REMOTE_WRITE_2 = 2;

  /** As {@link #REMOTE_WRITE_1}, with labels as they are stored: service and env stand. */
  int STORED_1 = 3;

  /** The samples of the batch in the form {@link #STORED_1}. */
  byte[] encode(SampleBatch batch);

  /**
   * Adds the samples of a logged body to the batch.
   *
   * @throws IllegalArgumentException if the body is damaged or its format is not known
   */
  void decode(int format, byte[] body, SeriesTable table, SampleBatch into);
}
