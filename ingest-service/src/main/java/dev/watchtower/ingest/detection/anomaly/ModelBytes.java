package dev.watchtower.ingest.detection.anomaly;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Models of a service as bytes: {@link #write} and {@link #read}, and deflated for storage. What
 * was deflated has a checksum (Adler-32), so that damage is noticed.
 */
final class ModelBytes {
  /** Of the models of one service; more is none. */
  static final int MOST = 1 << 20;

  private static final int PIECE = 16 * 1024;

  private ModelBytes() {}

  /** All that is known of a service, at a fraction of a millisecond. */
  static byte[] write(WatchedService service) {
    ModelWriting state = new ModelWriting();
    service.exchange(state);
    return state.bytes();
  }

  /**
   * What was written.
   *
   * @param windowMillis the window that the service's rates have now
   * @throws UnreadableModelException if it was written otherwise, for another window, or is damaged
   */
  static WatchedService read(byte[] bytes, long windowMillis) {
    WatchedService service = new WatchedService(windowMillis);
    ModelReading state = new ModelReading(bytes);
    service.exchange(state);
    state.end();
    return service;
  }

  /** The same in less room. */
  static byte[] pack(byte[] bytes) {
    try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length);
      byte[] piece = new byte[PIECE];
      while (!deflater.finished()) {
        packed.write(piece, 0, deflater.deflate(piece));
      }
      return packed.toByteArray();
    }
  }

  /**
   * What was packed.
   *
   * @throws UnreadableModelException if it is damaged, or more than {@link #MOST}
   */
  static byte[] unpack(byte[] packed) {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(4 * packed.length, MOST));
      byte[] piece = new byte[PIECE];
      while (!inflater.finished()) {
        int length = inflater.inflate(piece);
        bytes.write(piece, 0, length);
        if (bytes.size() > MOST || (length == 0 && !inflater.finished())) {
          throw new UnreadableModelException("it cannot be unpacked");
        }
      }
      return bytes.toByteArray();
    } catch (DataFormatException e) {
      throw new UnreadableModelException("it cannot be unpacked: " + e.getMessage());
    }
  }
}
