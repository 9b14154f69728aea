package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Bodies of the log are remote-write requests as they came, or made to look so. Thread-safe. */
public final class RemoteWriteCodec implements BodyCodec {
  private static final int MAX_KEPT = 8;
  private static final int MAX_KEPT_BYTES = 4 << 20;

  /** Buffers for decompressed bodies: making one anew costs as much as decompressing into it. */
  private static final BlockingQueue<byte[]> BUFFERS = new ArrayBlockingQueue<>(MAX_KEPT);

  @Override
  public byte[] encode(SampleBatch batch) {
    var raw = ProtoWriter.write(batch);
    return Snappy.compress(raw, raw.length);
  }

  @Override
  public void decode(int format, byte[] body, SeriesTable table, SampleBatch into) {
    try {
      var unused = decode(format, body, Integer.MAX_VALUE, table, into, RequestMemory.unlimited());
    } catch (BadBodyException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Decodes a request from outside.
   *
   * @param maxBytes most bytes, decompressed
   * @param memory what the request may hold, the bytes decompressed counted already
   * @throws BadBodyException if it cannot be read; then the batch must not be used
   */
  static NativeHistograms.Outcome decode(
      int format,
      byte[] body,
      long maxBytes,
      SeriesTable table,
      SampleBatch into,
      RequestMemory memory) {
    var kept = BUFFERS.poll();
    var raw =
        Snappy.decompress(
            body,
            maxBytes,
            length -> kept != null && kept.length >= length ? kept : new byte[length]);
    var histograms =
        switch (format) {
          case REMOTE_WRITE_1 ->
              RemoteWrite1.decode(raw.bytes(), raw.length(), table, into, memory);
          case STORED_1 -> RemoteWrite1.stored(raw.bytes(), raw.length(), table, into, memory);
          case REMOTE_WRITE_2 ->
              RemoteWrite2.decode(raw.bytes(), raw.length(), table, into, memory);
          default -> throw new IllegalArgumentException("no such format: " + format);
        };
    if (raw.bytes().length <= MAX_KEPT_BYTES) {
      // With MAX_KEPT kept already, this one is left to the collector.
      var unused = BUFFERS.offer(raw.bytes());
    }
    return histograms;
  }
}
