package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.files.Trees;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A system that Debian packages, as it is installed on this machine, in a folder of its own. */
final class DebianTarget implements WriteTarget {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private final int port;
  private final String path;
  private final Path folder;

  private DebianTarget(String name, Process process, int port, String path, Path folder) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.path = path;
    this.folder = folder;
  }

  /** Prometheus; empty if it is not installed. */
  static Optional<DebianTarget> prometheus(Path folder) throws IOException, InterruptedException {
    var program = Path.of("/usr/bin/prometheus");
    if (!Files.isExecutable(program)) {
      return Optional.empty();
    }
    int port = freePort();
    Trees.delete(folder);
    Files.createDirectories(folder);
    var configuration = Files.writeString(folder.resolve("prometheus.yml"), "global: {}\n");
    return Optional.of(
        start(
            "Prometheus",
            List.of(
                program.toString(),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.enable-remote-write-receiver",
                "--web.enable-admin-api",
                "--web.listen-address=127.0.0.1:" + port),
            port,
            "/-/ready",
            folder));
  }

  /** VictoriaMetrics; empty if it is not installed. */
  static Optional<DebianTarget> victoriaMetrics(Path folder)
      throws IOException, InterruptedException {
    var program = Path.of("/usr/bin/victoria-metrics");
    if (!Files.isExecutable(program)) {
      return Optional.empty();
    }
    int port = freePort();
    Trees.delete(folder);
    Files.createDirectories(folder);
    return Optional.of(
        start(
            "VictoriaMetrics",
            List.of(
                program.toString(),
                "-storageDataPath=" + folder.resolve("data"),
                "-httpListenAddr=127.0.0.1:" + port),
            port,
            "/health",
            folder));
  }

  private static DebianTarget start(
      String name, List<String> command, int port, String health, Path folder)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    var target = new DebianTarget(name, process, port, "/api/v1/write", folder);
    long until = System.nanoTime() + START_LIMIT.toNanos();
    while (target.status("GET", health) != HttpURLConnection.HTTP_OK) {
      if (!process.isAlive() || System.nanoTime() > until) {
        target.close();
        throw new Refusal(name + " does not start; its log is in " + folder + ".");
      }
      WatchtowerTarget.pause(Duration.ofMillis(100));
    }
    return target;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private int status(String method, String path) {
    try {
      var connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(60_000);
      connection.setRequestMethod(method);
      return connection.getResponseCode();
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String token() {
    return "";
  }

  @Override
  public List<Long> pids() {
    return List.of(process.pid());
  }

  @Override
  public void settle(long samples) throws InterruptedException {
    // They do not say when they are done; what is left is little.
    WatchtowerTarget.pause(Duration.ofSeconds(3));
  }

  /**
   * Prometheus writes a snapshot with all that is in memory; VictoriaMetrics writes out at its end.
   */
  @Override
  public double bytesPerSample(long samples) throws IOException, InterruptedException {
    if (name.equals("Prometheus")) {
      if (status("POST", "/api/v1/admin/tsdb/snapshot") != HttpURLConnection.HTTP_OK) {
        return -1;
      }
      return (double) size(folder.resolve("data").resolve("snapshots")) / samples;
    }
    close();
    return (double) size(folder.resolve("data")) / samples;
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .mapToLong(file -> {
            try {
              return Files.size(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          })
          .sum();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
