package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;

/** Bodies of the log are remote-write requests as they came, or made to look so. Thread-safe. */
public final class RemoteWriteCodec implements BodyCodec {
  @Override
  public byte[] encode(SampleBatch batch) {
    var raw = ProtoWriter.write(batch);
    return Snappy.compress(raw, raw.length);
  }

  @Override
  public void decode(int format, byte[] body, SeriesTable table, SampleBatch into) {
    try {
      var unused = decode(format, body, Integer.MAX_VALUE, table, into);
    } catch (BadBodyException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Decodes a request from outside.
   *
   * @param maxBytes most bytes, decompressed
   * @throws BadBodyException if it cannot be read; then the batch must not be used
   */
  static NativeHistograms.Outcome decode(
      int format, byte[] body, long maxBytes, SeriesTable table, SampleBatch into) {
    var raw = Snappy.decompress(body, maxBytes);
    return switch (format) {
      case REMOTE_WRITE_1 -> RemoteWrite1.decode(raw, table, into);
      case REMOTE_WRITE_2 -> RemoteWrite2.decode(raw, table, into);
      default -> throw new IllegalArgumentException("no such format: " + format);
    };
  }
}
