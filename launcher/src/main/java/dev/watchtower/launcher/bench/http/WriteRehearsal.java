package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.SeriesLoad;
import dev.watchtower.launcher.http.JsonCall;
import dev.watchtower.launcher.suite.Rehearsal;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Remote write over four connections, as {@link IngestBench} does it, then queries, while what was
 * written is sealed.
 */
final class WriteRehearsal implements Rehearsal {
  private static final int SERIES = 10_000;
  private static final int BATCH = 2_000;

  /** Eight million samples: less leaves some of it without a profile. */
  private static final int REQUESTS = 4_000;

  private static final int TOKEN_FOR = 100;
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);
  private static final Duration QUERY_LIMIT = Duration.ofSeconds(20);
  private static final int QUERIES = 200;

  /** What was written lies still for so long until it is sealed: the queries take longer. */
  private static final String SEAL_AGE = "5s";

  private final Clock clock;
  private final int requests;
  private final int queries;

  WriteRehearsal(Clock clock) {
    this(clock, REQUESTS, QUERIES);
  }

  WriteRehearsal(Clock clock, int requests, int queries) {
    this.clock = clock;
    this.requests = requests;
    this.queries = queries;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("WATCHTOWER_INGEST_SEAL_AGE", SEAL_AGE);
  }

  @Override
  public void perform(int port, Supplier<String> token) throws IOException, InterruptedException {
    write(port, token);
    query(port, token);
  }

  private void write(int port, Supplier<String> token) throws IOException, InterruptedException {
    long until = System.nanoTime() + WRITE_LIMIT.toNanos();
    int own = SERIES / IngestBench.CONNECTIONS;
    int each = requests / IngestBench.CONNECTIONS;
    long rounds = (long) each * BATCH / own + 1;
    long first = clock.millis() - rounds * SeriesLoad.INTERVAL;
    try (var threads = Executors.newFixedThreadPool(IngestBench.CONNECTIONS)) {
      var sending = new ArrayList<Future<?>>();
      for (int i = 0; i < IngestBench.CONNECTIONS; i++) {
        var load = new SeriesLoad(i, own, first);
        sending.add(
            threads.submit(() -> {
              send(load, each, port, token, until);
              return null;
            }));
      }
      try {
        for (var one : sending) {
          one.get();
        }
      } catch (ExecutionException e) {
        throw new IOException("a request was not taken: " + e.getMessage(), e);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static void send(
      SeriesLoad load, int requests, int port, Supplier<String> tokens, long until)
      throws IOException, InterruptedException {
    var token = new String[] {""};
    try (var connection = new WriteConnection(port, "/api/v1/write", () -> token[0])) {
      for (int i = 0; i < requests && System.nanoTime() < until; i++) {
        if (i % TOKEN_FOR == 0) {
          token[0] = tokens.get();
        }
        var body = WriteConnection.compressed(load.body(BATCH));
        long begin = System.nanoTime();
        connection.send(body);
        // Half of the time is left to who works here, for the database is theirs too.
        WatchtowerTarget.pause(Duration.ofNanos(System.nanoTime() - begin));
      }
    }
  }

  private void query(int port, Supplier<String> token) throws IOException {
    long until = System.nanoTime() + QUERY_LIMIT.toNanos();
    var call = new JsonCall("http://127.0.0.1:" + port, token, QUERY_LIMIT);
    long end = clock.millis() / 1000;
    var metric = SeriesLoad.metrics().getFirst();
    var one = metric + "{service=\"service-0-0\",uri=\"/api/v1/resource/00\"}";
    var paths =
        List.of(
            range(one, end - 3600, end),
            range(one, end - 24 * 3600, end),
            range("sum by (service) (rate(" + metric + "[5m]))", end - 3600, end),
            "/api/v1/query?query=" + encoded(one),
            "/api/v1/signals");
    for (int i = 0; i < queries && System.nanoTime() < until; i++) {
      for (var path : paths) {
        var unused = call.get(path, JsonNode.class);
      }
    }
  }

  private static String range(String query, long from, long to) {
    return "/api/v1/query_range?step=15&start=%d&end=%d&query=%s"
        .formatted(from, to, encoded(query));
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }
}
