package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's vmagent, with the command that docs/senders gives. */
class VmagentIT extends IngestContext {
  private static final Path PROGRAM = Path.of("/usr/bin/vmagent");
  private static final Pattern COMMAND = Pattern.compile("```sh\n(vmagent .*?)```", Pattern.DOTALL);

  /** It scrapes itself: what this service says of itself belongs to another test. */
  @Test
  void vmagentWritesWhatItScrapesAndWhatItIsGiven(@TempDir Path dir) throws Exception {
    assumeTrue(Files.isExecutable(PROGRAM), "no vmagent is installed here");
    var own = freePort();
    var process = new ProcessBuilder(command(dir, own)).redirectErrorStream(true);
    var log = dir.resolve("vmagent.log");
    var vmagent = process.redirectOutput(log.toFile()).start();
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !select("up", "scraped-by-vmagent").isEmpty());
      assertThat(select("up", "scraped-by-vmagent")).containsOnly("prod");

      // Influx lines, for which Watchtower has no door of its own.
      try (var http = HttpClient.newHttpClient()) {
        var lines = "weather,service=station temperature=21.5,humidity=40";
        var request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + own + "/write"))
                .POST(HttpRequest.BodyPublishers.ofString(lines));
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !select("weather_temperature", "station").isEmpty());
      assertThat(Files.readString(log)).doesNotContain("unexpected status code");
    } finally {
      vmagent.destroy();
      await().atMost(Duration.ofSeconds(20)).until(() -> !vmagent.isAlive());
    }
  }

  private List<String> select(String name, String service) {
    return store
        .select(
            List.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq(Labels.SERVICE, service)),
            Instant.EPOCH,
            clock.instant().plusSeconds(60),
            1000)
        .stream()
        .map(series -> series.env())
        .toList();
  }

  private List<String> command(Path dir, int own) throws IOException {
    var pasted = COMMAND.matcher(Files.readString(Path.of("../docs/senders/vmagent.md")));
    assertThat(pasted.find()).isTrue();
    var scrape =
        Files.writeString(
            dir.resolve("scrape.yaml"),
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: scraped-by-vmagent
                metrics_path: /metrics
                static_configs: [{targets: ["127.0.0.1:%d"]}]
            """
                .formatted(own));
    var text =
        pasted
            .group(1)
            .replace("\\\n", " ")
            .replace("vmagent -", PROGRAM + " -")
            .replace("=scrape.yaml", "=" + scrape)
            .replace("/var/lib/vmagent", dir.resolve("kept").toString())
            .replace("127.0.0.1:8081", "127.0.0.1:" + port)
            .replace("wt_PASTE_THE_TOKEN", writeToken());
    var command = new ArrayList<>(List.of(text.strip().split("\\s+", -1)));
    command.add("-httpListenAddr=127.0.0.1:" + own);
    return command;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
