package dev.watchtower.ingest.detection.anomaly;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Turns models into bytes. */
final class ModelWriting implements ModelState {
  private static final int FIRST = 64 * 1024;

  private ByteBuffer bytes = ByteBuffer.allocate(FIRST);

  /** What was written. */
  byte[] bytes() {
    byte[] all = new byte[bytes.position()];
    bytes.get(0, all);
    return all;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      ByteBuffer wider =
          ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + more));
      bytes = wider.put(bytes.flip());
    }
    return bytes;
  }

  @Override
  public double exchange(double value) {
    room(Double.BYTES).putDouble(value);
    return value;
  }

  @Override
  public double exchangeAny(double value) {
    return exchange(value);
  }

  @Override
  public long exchange(long value, long least, long most) {
    room(Long.BYTES).putLong(value);
    return value;
  }

  @Override
  public String exchange(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + text.length).putInt(text.length).put(text);
    return value;
  }

  @Override
  public void exchange(double[] values) {
    for (double value : values) {
      exchange(value);
    }
  }

  @Override
  public void exchange(float[] values, int length) {
    ByteBuffer room = room(Float.BYTES * length);
    room.asFloatBuffer().put(values, 0, length);
    room.position(room.position() + Float.BYTES * length);
  }

  @Override
  public void exchange(byte[] values) {
    room(values.length).put(values);
  }

  @Override
  public void expect(String what, long value) {
    room(Long.BYTES).putLong(value);
  }

  @Override
  public void require(boolean holds, String what) {
    // It is as it is; who reads it decides.
  }
}
