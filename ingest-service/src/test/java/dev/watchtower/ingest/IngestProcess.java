package dev.watchtower.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The service as a process of its own on a fresh database, to be stopped, killed and started. */
public final class IngestProcess {
  private static final Duration START = Duration.ofSeconds(90);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final PostgresSupport.Db db = PostgresSupport.database();
  private final TestKeys keys = new TestKeys();
  private final Path dir;
  private int port;
  private @Nullable Process process;

  /** Not started yet. */
  public IngestProcess(Path dir, String catalog) throws IOException {
    this.dir = dir;
    Files.writeString(dir.resolve("catalog.yaml"), catalog);
  }

  /** Its database. */
  public PostgresSupport.Db db() {
    return db;
  }

  /** Starts it, with those arguments besides, and waits until it decides. */
  public void start(String... arguments) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-cp",
                System.getProperty("java.class.path"),
                IngestServiceApplication.class.getName(),
                "--server.port=" + port,
                "--watchtower.catalog=" + dir.resolve("catalog.yaml"),
                "--watchtower.data-dir=" + keys.dataDir(),
                // What tests have on their class path would send to a port of somebody else.
                "--management.otlp.metrics.export.enabled=false",
                "--spring.datasource.url=" + db.url(),
                "--spring.datasource.username=" + db.user(),
                "--spring.datasource.password=" + db.password()));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
            .start();
    await()
        .atMost(START)
        .ignoreExceptions()
        .until(() -> get("/health").contains("\"deciding\":true"));
  }

  /** What it wrote, in all its lives. */
  public String log() throws IOException {
    return Files.readString(dir.resolve("log"));
  }

  /** Ends it in order. */
  public void stop() throws InterruptedException {
    end(false);
  }

  /** Ends it with {@code kill -9}, where it still runs. */
  public void kill() throws InterruptedException {
    end(true);
  }

  private void end(boolean forcibly) throws InterruptedException {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    var _ = forcibly ? running.destroyForcibly() : destroyed(running);
    assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private static Process destroyed(Process running) {
    running.destroy();
    return running;
  }

  /** What it answers. */
  public String get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + keys.machine("reader", Scope.READ))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Sends samples as plain JSON. */
  public void send(String samples) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/metrics"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"samples\":[" + samples + "]}"))
            .build();
    assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(204);
  }
}
