package dev.watchtower.ingest.query.web;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Takes output for a limited time. A single write may still last for as long as the connection
 * allows. For one thread.
 */
final class TimedOutput extends FilterOutputStream {
  private final LongSupplier nanos;
  private final long limit;
  private final long begin;

  /**
   * @param limit from now on
   * @param nanos a clock for elapsed time
   */
  TimedOutput(OutputStream out, Duration limit, LongSupplier nanos) {
    super(out);
    this.nanos = nanos;
    this.limit = limit.toNanos();
    this.begin = nanos.getAsLong();
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (nanos.getAsLong() - begin > limit) {
      throw new IOException("the answer was not read in time");
    }
    out.write(bytes, from, length);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
