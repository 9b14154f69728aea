package dev.watchtower.ingest.detection.anomaly;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes models of bytes again. */
final class ModelReading implements ModelState {
  private static final int LONGEST_TEXT = 200;

  private final ByteBuffer bytes;

  ModelReading(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  /** Nothing may be left. */
  void end() {
    require(!bytes.hasRemaining(), "it does not end where it should");
  }

  private ByteBuffer next(int length) {
    require(bytes.remaining() >= length, "it ends too early");
    return bytes;
  }

  @Override
  public double exchange(double value) {
    double read = next(Double.BYTES).getDouble();
    require(Double.isFinite(read), "a number is not finite");
    return read;
  }

  @Override
  public double exchangeAny(double value) {
    return next(Double.BYTES).getDouble();
  }

  @Override
  public long exchange(long value, long least, long most) {
    long read = next(Long.BYTES).getLong();
    require(read >= least && read <= most, "a number is out of its range");
    return read;
  }

  @Override
  public String exchange(String value) {
    int length = next(Integer.BYTES).getInt();
    require(length >= 0 && length <= LONGEST_TEXT, "a text has no fitting length");
    byte[] text = new byte[length];
    next(length).get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public void exchange(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = exchange(values[i]);
    }
  }

  @Override
  public void exchange(float[] values, int length) {
    ByteBuffer next = next(Float.BYTES * length);
    next.asFloatBuffer().get(values, 0, length);
    next.position(next.position() + Float.BYTES * length);
    for (int i = 0; i < length; i++) {
      require(Float.isFinite(values[i]), "a number is not finite");
    }
  }

  @Override
  public void exchange(byte[] values) {
    next(values.length).get(values);
    for (byte value : values) {
      require(value >= 0, "a count is negative");
    }
  }

  @Override
  public void expect(String what, long value) {
    long read = next(Long.BYTES).getLong();
    require(read == value, what + " is " + read + " and not " + value);
  }

  @Override
  public void require(boolean holds, String what) {
    if (!holds) {
      throw new UnreadableModelException(what);
    }
  }
}
