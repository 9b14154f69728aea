package dev.watchtower.ingest;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.TestKeys;
import dev.watchtower.ingest.series.SeriesStore;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service; on which database the sub-classes say. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "watchtower.ingest.github-secret=It's a Secret to Everybody",
      "management.prometheus.metrics.export.enabled=true"
    })
public abstract class RunningIngest {
  /** A rule without patience. */
  protected static final String QUEUE_RULE =
      "  - name: queue-full\n"
          + "    kind: threshold\n"
          + "    expression: queue_depth > 100\n"
          + "    severity: SEV3\n"
          + "    summary: The queue is full\n";

  /** A rule on a metric of which all samples come in one request. */
  private static final String BACKLOG_RULE =
      "  - name: backlog\n"
          + "    kind: threshold\n"
          + "    expression: backlog > 100\n"
          + "    for: 2s\n"
          + "    severity: SEV3\n";

  private static final TestKeys KEYS = new TestKeys();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Where signals go. */
  protected static final StubIncident INCIDENT = new StubIncident();

  /** A catalog of our own: the example with one more rule. */
  protected static final Path CATALOG = catalog();

  @LocalServerPort protected int port;
  @Autowired protected SeriesStore store;
  @Autowired protected TimeSeriesStore storage;
  @Autowired protected Clock clock;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    KEYS.register(registry);
    registry.add("watchtower.catalog", CATALOG::toString);
    registry.add("watchtower.peers.incident", INCIDENT::url);
  }

  private static Path catalog() {
    try {
      var file = Files.createTempDirectory("watchtower-test").resolve("watchtower.yaml");
      file.toFile().deleteOnExit();
      var example = Files.readString(Path.of("../config/watchtower.yaml"));
      return Files.writeString(
          file, example.replace("\nrules:\n", "\nrules:\n" + QUEUE_RULE + BACKLOG_RULE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void storageIsOpen() {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(storage::isReady);
  }

  /** One instant for the whole run, near the real time. */
  protected long now() {
    return nowMillis == 0 ? nowMillis = clock.millis() : nowMillis;
  }

  private static long nowMillis;

  protected static String writeToken() {
    return KEYS.machine("sender", Scope.INGEST_WRITE);
  }

  protected static String readToken() {
    return KEYS.machine("reader", Scope.READ);
  }

  protected static String token(Scope... scopes) {
    return KEYS.machine("any", scopes);
  }

  /** One of a sender of that name, whom no other test is. */
  protected static String writeToken(String name) {
    return KEYS.machine(name, Scope.INGEST_WRITE);
  }

  protected static String chaosToken() {
    return KEYS.service("chaos", Scope.EVENTS_WRITE);
  }

  protected HttpResponse<String> post(String path, Map<String, String> headers, byte[] body) {
    return send("POST", path, writeToken(), headers, body);
  }

  protected HttpResponse<String> send(
      String method,
      String path,
      @Nullable String token,
      Map<String, String> headers,
      byte @Nullable [] body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What was received by all doors so far, and the sum of what became of it. */
  protected double[] accounts() {
    var scraped = scraped();
    var rest = 0.0;
    for (var outcome : List.of("stored", "duplicate", "refused")) {
      rest += sum(scraped, "watchtower_ingest_samples_" + outcome + "_total");
    }
    return new double[] {sum(scraped, "watchtower_ingest_samples_received_total"), rest};
  }

  /** The sum of a metric over all of its series that have these labels, as they are written. */
  protected double metric(String name, String... labels) {
    return sum(scraped(), name, labels);
  }

  private String scraped() {
    return send("GET", "/metrics", readToken(), Map.of(), null).body();
  }

  private static double sum(String scraped, String name, String... labels) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(name))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
