package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.http.IngestBench.Contender;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A system under the write load, running. Closing it ends its processes. */
interface WriteTarget extends AutoCloseable {
  /** Time for the answer to a query. */
  int LIMIT_MILLIS = 20_000;

  /** For the table. */
  String name();

  /** Where it listens on loopback. */
  int port();

  /** Where it takes remote write. */
  String path();

  /** A bearer token; empty for none. */
  String token();

  /**
   * The body of the answer to a GET, read to its end without a disconnect, so that the connection
   * is used again. Takes 20 s at most to begin.
   *
   * @throws IOException if the answer is not 200, or does not come
   */
  default byte[] fetch(String path) throws IOException {
    var connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port() + path).toURL().openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    var token = token();
    if (!token.isEmpty()) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException(name() + " answers " + connection.getResponseCode());
    }
    try (var in = connection.getInputStream()) {
      return in.readAllBytes();
    }
  }

  /** Its processes, without their descendants. */
  List<Long> pids();

  /** Waits until all {@code samples} that were sent lie where they stay, where that can be told. */
  void settle(long samples) throws IOException, InterruptedException;

  /** Bytes a sample at rest after {@link #settle}; may end the processes. Negative if unknown. */
  double bytesPerSample(long samples) throws IOException, InterruptedException;

  @Override
  void close();

  /**
   * A fresh system; empty if it is not installed.
   *
   * @param sealAge how often Watchtower seals at least
   * @param folder for the files of others
   */
  static Optional<? extends WriteTarget> of(
      Contender system, BenchSuite suites, Duration sealAge, Path folder)
      throws IOException, InterruptedException {
    return switch (system) {
      case WATCHTOWER -> Optional.of(WatchtowerTarget.start(suites, sealAge));
      case PROMETHEUS -> DebianTarget.prometheus(folder.resolve("prometheus"));
      case VICTORIAMETRICS -> DebianTarget.victoriaMetrics(folder.resolve("victoriametrics"));
    };
  }
}
