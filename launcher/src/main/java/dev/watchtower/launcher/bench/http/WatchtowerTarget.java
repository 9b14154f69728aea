package dev.watchtower.launcher.bench.http;

import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.http.JsonCall;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** ingest-service and PostgreSQL, as the suite runs them. */
final class WatchtowerTarget implements WriteTarget {
  private static final String SEALED = "watchtower_ingest_samples_sealed_total";
  private static final String SCHEMA = Component.INGEST.schema();
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  private final Layout layout;
  private final BenchSuite.Started suite;
  private final ServiceTokens tokens;

  private WatchtowerTarget(Layout layout, BenchSuite.Started suite) {
    this.layout = layout;
    this.suite = suite;
    this.tokens = suite.running().tokens();
  }

  /**
   * A fresh one with the catalog as it is shipped, so that every sample goes through detection.
   *
   * @param sealAge how often it seals at least
   */
  static WatchtowerTarget start(BenchSuite suites, Duration sealAge)
      throws IOException, InterruptedException {
    return new WatchtowerTarget(
        suites.ownLayout(),
        suites.start(
            List.of(Component.INGEST),
            suites.shippedCatalog(),
            Map.of(
                "WATCHTOWER_INGEST_SEAL_AGE",
                sealAge.toSeconds() + "s",
                "DISCORD_WEBHOOK_URL",
                "",
                "OPENAI_API_KEY",
                "")));
  }

  @Override
  public String name() {
    return "Watchtower";
  }

  @Override
  public int port() {
    return suite.plan().port(Component.INGEST);
  }

  @Override
  public String path() {
    return "/api/v1/write";
  }

  @Override
  public String token() {
    return tokens.tokenFor(Component.INGEST.id());
  }

  @Override
  public List<Long> pids() {
    return suite.running().supervisor().processes().stream()
        .map(p -> p.pid())
        .filter(pid -> pid != null)
        .toList();
  }

  /** The pid of ingest-service. */
  long ingestPid() {
    return suite.running().supervisor().processes().stream()
        .filter(p -> p.name().equals(Component.INGEST.id()) && p.pid() != null)
        .mapToLong(p -> p.pid())
        .findFirst()
        .orElseThrow(() -> new Refusal("ingest-service is not running."));
  }

  /** The value of a metric without labels but the common one. */
  double metric(String name) throws IOException {
    for (var line : get("/metrics").lines().toList()) {
      if (line.startsWith(name + "{") || line.startsWith(name + " ")) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    throw new IOException("ingest-service has no metric " + name);
  }

  /** Whether ingest-service answers and is ready to take samples. */
  boolean isReady() {
    try {
      return get("/health/readiness").contains("UP");
    } catch (IOException e) {
      return false;
    }
  }

  private String get(String path) throws IOException {
    var connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port() + path).toURL().openConnection();
    connection.setConnectTimeout(1000);
    connection.setReadTimeout(10_000);
    connection.setRequestProperty("Authorization", "Bearer " + token());
    try (var in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
  }

  /** What a query for a vector answers at an instant. */
  List<Answer.Result> vector(String expression, long atMillis) throws IOException {
    var call = new JsonCall("http://127.0.0.1:" + port(), this::token, Duration.ofSeconds(20));
    return call.get(
            "/api/v1/query?time="
                + BigDecimal.valueOf(atMillis, 3).toPlainString()
                + "&query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8),
            Answer.class)
        .data()
        .result();
  }

  /** The answer to a query for a vector. */
  record Answer(Data data) {
    record Data(List<Result> result) {}

    /**
     * One series of it.
     *
     * @param value time and, as a text, number
     */
    record Result(Map<String, String> metric, List<Object> value) {
      double number() {
        return Double.parseDouble(value.get(1).toString());
      }
    }
  }

  @Override
  public void settle(long samples) throws IOException, InterruptedException {
    long until = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (metric(SEALED) < samples) {
      if (System.nanoTime() > until) {
        throw new Refusal("Not everything is sealed after " + SETTLED_WITHIN.toSeconds() + " s.");
      }
      pause(Duration.ofMillis(500));
    }
  }

  static void pause(Duration duration) throws InterruptedException {
    var unused = new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public double bytesPerSample(long samples) throws IOException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select coalesce(sum(pg_total_relation_size(relid)), 0)"
                    + " from pg_partition_tree('block') where isleaf")) {
      rows.next();
      long bytes = rows.getLong(1);
      try (var stored = statement.executeQuery("select coalesce(sum(samples), 0) from block")) {
        stored.next();
        return (double) bytes / stored.getLong(1);
      }
    } catch (SQLException e) {
      throw new IOException("the size of the stored chunks cannot be read", e);
    }
  }

  private Connection connect() throws SQLException {
    var password = new SecretFiles(layout.keys()).read("db-" + SCHEMA + ".password").orElseThrow();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + suite.plan().port(Component.POSTGRES)
            + "/watchtower?socketTimeout=60&currentSchema="
            + SCHEMA,
        SCHEMA,
        password);
  }

  @Override
  public void close() {
    suite.close();
  }
}
