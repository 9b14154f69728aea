package dev.watchtower.launcher.bench.http;

import java.io.IOException;
import java.util.List;

/** A system under the write load, running. Closing it ends its processes. */
interface WriteTarget extends AutoCloseable {
  /** For the table. */
  String name();

  /** Where it listens on loopback. */
  int port();

  /** Where it takes remote write. */
  String path();

  /** A bearer token; empty for none. */
  String token();

  /** Its processes, without their descendants. */
  List<Long> pids();

  /** Waits until all {@code samples} that were sent lie where they stay, where that can be told. */
  void settle(long samples) throws IOException, InterruptedException;

  /** Bytes a sample at rest after {@link #settle}; may end the processes. Negative if unknown. */
  double bytesPerSample(long samples) throws IOException, InterruptedException;

  @Override
  void close();
}
