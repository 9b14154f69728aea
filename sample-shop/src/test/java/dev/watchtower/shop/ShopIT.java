package dev.watchtower.shop;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The whole shop in one JVM, over real HTTP and PostgreSQL. */
@ExtendWith(OutputCaptureExtension.class)
class ShopIT {
  private static final WireMockServer SINK =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());
  private static final List<ConfigurableApplicationContext> RUNNING = new ArrayList<>();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final TestKeys KEYS = new TestKeys();
  private static JdbcClient jdbc;
  private static int storefront;
  private static int checkout;
  private static int inventory;

  @BeforeAll
  static void startTheShop() {
    SINK.start();
    SINK.stubFor(post(urlEqualTo("/v1/metrics")).willReturn(aResponse().withStatus(200)));
    var db = PostgresSupport.database();
    jdbc = JdbcClient.create(new DriverManagerDataSource(db.url(), db.user(), db.password()));
    inventory =
        start(
            "inventory",
            "--spring.datasource.url=" + db.url(),
            "--spring.datasource.username=" + db.user(),
            "--spring.datasource.password=" + db.password());
    checkout = start("checkout", "--shop.inventory=http://127.0.0.1:" + inventory);
    storefront = start("storefront", "--shop.checkout=http://127.0.0.1:" + checkout);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> send("GET", inventory, "/stock/desk", null).statusCode() == 200);
  }

  @AfterAll
  static void stopTheShop() {
    RUNNING.reversed().forEach(ConfigurableApplicationContext::close);
    SINK.stop();
  }

  @Test
  void takesAnOrderThroughAllThree() throws Exception {
    var before = send("GET", inventory, "/stock/desk", null).body();

    var order = send("POST", storefront, "/orders", "{\"sku\":\"desk\",\"quantity\":2}");

    assertThat(order.statusCode()).isEqualTo(201);
    assertThat(order.body()).contains("\"sku\":\"desk\"");
    assertThat(before).contains("1000");
    assertThat(send("GET", inventory, "/stock/desk", null).body()).contains("998");
  }

  @Test
  void passesTheTraceOnAndWritesItIntoItsLogs(CapturedOutput output) throws Exception {
    var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    var order =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + storefront + "/orders"))
            .header("Content-Type", "application/json")
            .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
            .POST(HttpRequest.BodyPublishers.ofString("{\"sku\":\"lamp\",\"quantity\":1}"));

    assertThat(HTTP.send(order.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(201);

    assertThat(output.getOut().lines().filter(l -> l.contains("order placed")))
        .anySatisfy(l -> assertThat(l).startsWith("{").contains(trace));
  }

  @Test
  void failsHonestlyWhileTheDatabaseIsGoneAndRecovers() throws Exception {
    var order = "{\"sku\":\"lamp\",\"quantity\":1}";
    var lease = "/chaos-agent/leases/one";
    var fault = "{\"kind\":\"db-down\",\"parameters\":{},\"ttlMillis\":9000}";

    assertThat(send("PUT", inventory, lease, fault).statusCode()).isEqualTo(200);
    assertThat(send("POST", inventory, "/reservations", order).statusCode()).isEqualTo(500);
    assertThat(send("POST", checkout, "/checkout", order).statusCode()).isEqualTo(502);
    assertThat(send("POST", storefront, "/orders", order).statusCode()).isEqualTo(502);
    assertThat(send("GET", inventory, "/health", null).statusCode()).isEqualTo(503);
    assertThat(send("GET", storefront, "/health", null).statusCode()).isEqualTo(200);

    assertThat(send("DELETE", inventory, lease, null).statusCode()).isEqualTo(204);
    assertThat(send("POST", storefront, "/orders", order).statusCode()).isEqualTo(201);
    assertThat(send("GET", inventory, "/health", null).statusCode()).isEqualTo(200);
  }

  @Test
  void startsWithoutItsDatabase() throws Exception {
    int lonely =
        start(
            "inventory",
            "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none",
            "--spring.datasource.username=shop");

    assertThat(send("GET", lonely, "/stock/desk", null).statusCode()).isEqualTo(500);
    assertThat(send("GET", lonely, "/health", null).statusCode()).isEqualTo(503);
  }

  @Test
  void hasCustomersWhoKeepComing() throws Exception {
    var before = orders();
    start("traffic", "--shop.storefront=http://127.0.0.1:" + storefront, "--shop.rate=40");

    await().atMost(Duration.ofSeconds(20)).until(() -> orders() > before);
    long begin = System.nanoTime();
    await().atMost(Duration.ofSeconds(20)).until(() -> orders() > before + 10);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .as("the first come one after the other")
        .isGreaterThan(Duration.ofSeconds(1));
    await().atMost(Duration.ofSeconds(20)).until(() -> orders() > before + 40);
    var fault = "{\"kind\":\"errors\",\"parameters\":{},\"ttlMillis\":1000}";
    assertThat(send("PUT", storefront, "/chaos-agent/leases/two", fault).statusCode())
        .isEqualTo(200);
    long broken = orders();
    await().atMost(Duration.ofSeconds(20)).until(() -> orders() > broken + 20);
  }

  private static long orders() {
    return jdbc.sql("select sum(reserved) from shop.stock").query(Long.class).single();
  }

  @Test
  void neverRunsOutOfStock() throws Exception {
    for (int i = 0; i < 60; i++) {
      assertThat(
              send("POST", inventory, "/reservations", "{\"sku\":\"mug\",\"quantity\":20}")
                  .statusCode())
          .isEqualTo(201);
    }
  }

  @Test
  void refusesOrdersThatAreNone() throws Exception {
    for (var body :
        List.of(
            "{}",
            "{",
            "{\"sku\":\"desk\",\"quantity\":0}",
            "{\"sku\":\"desk\",\"quantity\":999}",
            "{\"sku\":\"de\\u0000sk\",\"quantity\":1}")) {
      assertThat(send("POST", storefront, "/orders", body).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(
            send("POST", storefront, "/orders", "{\"sku\":\"boat\",\"quantity\":1}").statusCode())
        .isEqualTo(404);
  }

  @Test
  void isHonestAboutWhatIsMissing() throws Exception {
    int alone = start("storefront", "--shop.checkout=http://127.0.0.1:1");

    assertThat(send("POST", alone, "/orders", "{\"sku\":\"desk\",\"quantity\":1}").statusCode())
        .isEqualTo(503);
  }

  @Test
  void tellsItsHealthAndSendsItsMetricsAsAnyServiceWould() throws Exception {
    send("GET", storefront, "/products", null);
    assertThat(send("GET", inventory, "/health", null).body()).contains("\"db\"");

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(namesSentBy("storefront"))
                .contains("http.server.requests", "process.cpu.usage", "jvm.memory.used"));
    SINK.verify(
        com.github.tomakehurst.wiremock.client.WireMock.moreThanOrExactly(1),
        postRequestedFor(urlEqualTo("/v1/metrics"))
            .withHeader("Authorization", equalTo("Bearer wt_shop")));
  }

  @Test
  void startsOnlyAsAPartThatExists() {
    assertThat(
            ShopApplication.roleOf(
                new String[] {"--shop.role=checkout"}, java.util.Optional.empty()))
        .contains("checkout");
    assertThat(
            ShopApplication.roleOf(new String[] {"--shop.role=bakery"}, java.util.Optional.empty()))
        .isEmpty();
    assertThat(ShopApplication.roleOf(new String[0], java.util.Optional.of("traffic")))
        .contains("traffic");
  }

  private static Set<String> namesSentBy(String service) throws IOException {
    var names = new java.util.HashSet<String>();
    for (var request : SINK.findAll(postRequestedFor(urlEqualTo("/v1/metrics")))) {
      var body = request.getBody();
      var export =
          ExportMetricsServiceRequest.parseFrom(
              body.length > 1 && body[0] == 0x1f
                  ? new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(body))
                      .readAllBytes()
                  : body);
      for (var resource : export.getResourceMetricsList()) {
        boolean ours =
            resource.getResource().getAttributesList().stream()
                .anyMatch(a ->
                    a.getKey().equals("service.name")
                        && a.getValue().getStringValue().equals(service));
        if (ours) {
          names.addAll(
              resource.getScopeMetricsList().stream()
                  .flatMap(s -> s.getMetricsList().stream())
                  .map(Metric::getName)
                  .collect(Collectors.toSet()));
        }
      }
    }
    return names;
  }

  private static int start(String role, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--server.port=0");
    all.add("--management.otlp.metrics.export.url=" + SINK.baseUrl() + "/v1/metrics");
    all.add("--management.otlp.metrics.export.headers.Authorization=Bearer wt_shop");
    all.add("--watchtower.data-dir=" + KEYS.dataDir());
    var context =
        new SpringApplicationBuilder(ShopApplication.class)
            .profiles(role)
            .run(all.toArray(String[]::new));
    RUNNING.add(context);
    return ((WebServerApplicationContext) context).getWebServer().getPort();
  }

  private static HttpResponse<String> send(
      String method, int port, String path, @org.jspecify.annotations.Nullable String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + KEYS.service("chaos", Scope.FAULT))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
