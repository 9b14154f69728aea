package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Prometheus of Debian's, run in a folder of its own on a free port; with {@code
 * -Dwatchtower.prometheus=FOLDER} the one in that folder.
 */
public final class RealPrometheus implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Path FOLDER =
      Path.of(System.getProperty("watchtower.prometheus", "/usr/bin"));
  private static final Path PROGRAM = FOLDER.resolve("prometheus");
  private static final Path TOOL = FOLDER.resolve("promtool");

  private final Path dir;
  private final int port;
  private final Process process;

  /**
   * Starts one and waits until it is ready.
   *
   * @param config what prometheus.yml says; {@code PORT} in it becomes its own port
   */
  public RealPrometheus(Path dir, String config) throws IOException {
    this.dir = dir;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.writeString(dir.resolve("prometheus.yml"), config.replace("PORT", "" + port));
    process =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--config.file=" + dir.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + dir.resolve("data"),
                "--storage.tsdb.retention.time=100y",
                "--enable-feature=native-histograms",
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("prometheus.log").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> call("/-/ready").statusCode() == 200);
  }

  /** Whether this machine has one. */
  public static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /** Whether this machine has what {@link #importSamples} needs as well. */
  static boolean canImport() {
    return isInstalled() && Files.isExecutable(TOOL);
  }

  /** Whether it speaks version 2.0 of remote write: 2.54 and later do, Debian 12's does not. */
  public static boolean speaksVersion2() throws IOException, InterruptedException {
    return isAtLeast("[3-9]\\.|2\\.5[4-9]");
  }

  /** Whether it is a Prometheus 3, whose ranges are open on the left as ours are. */
  static boolean isVersion3() throws IOException, InterruptedException {
    return isAtLeast("[3-9]\\.");
  }

  private static boolean isAtLeast(String versions) throws IOException, InterruptedException {
    var asked =
        new ProcessBuilder(PROGRAM.toString(), "--version").redirectErrorStream(true).start();
    var said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(asked.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return said.matches("(?s)prometheus, version (" + versions + ").*");
  }

  /** Makes OpenMetrics text into a database in the folder, to be found by one started there. */
  static void importSamples(Path dir, String samples) throws IOException, InterruptedException {
    Files.writeString(dir.resolve("samples.txt"), samples);
    var importing =
        new ProcessBuilder(
                TOOL.toString(),
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                dir.resolve("samples.txt").toString(),
                dir.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("promtool.log").toFile())
            .start();
    assertThat(importing.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(importing.exitValue()).as(Files.readString(dir.resolve("promtool.log"))).isZero();
  }

  /** Its answer to a range query, in whole seconds. */
  JsonNode range(String query, long from, long to, long step)
      throws IOException, InterruptedException {
    return JsonMapper.shared()
        .readTree(
            call("/api/v1/query_range?start=%d&end=%d&step=%d&query=%s"
                    .formatted(from, to, step, URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .body());
  }

  /** Its answer to an instant query. */
  JsonNode instant(String query, long at) throws IOException, InterruptedException {
    return JsonMapper.shared()
        .readTree(
            call("/api/v1/query?time=%d&query=%s"
                    .formatted(at, URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .body());
  }

  /** What it has logged. */
  public String log() throws IOException {
    return Files.readString(dir.resolve("prometheus.log"));
  }

  /** Where its own metrics are. */
  public int port() {
    return port;
  }

  private HttpResponse<String> call(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
