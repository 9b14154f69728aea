package dev.watchtower.ingest.doors.web;

import static dev.watchtower.ingest.doors.web.SenderPages.after;
import static dev.watchtower.ingest.doors.web.SenderPages.at;
import static dev.watchtower.ingest.doors.web.SenderPages.blocks;
import static dev.watchtower.ingest.doors.web.SenderPages.found;
import static dev.watchtower.ingest.doors.web.SenderPages.text;
import static dev.watchtower.ingest.doors.web.SenderPages.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.security.Scope;
import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Series;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;

/**
 * What the pages of {@code docs/senders} give to paste comes in: from the sender itself where it is
 * to be had here, else with the address, the token and the headers that the page says.
 */
class SenderPagesIT extends IngestContext {
  private static final String PLACE = "http://127.0.0.1:8081";
  private static final String TOKEN = "wt_PASTE_THE_TOKEN";

  /** A Spring Boot application that only sends. */
  @ImportAutoConfiguration({
    MetricsAutoConfiguration.class,
    OtlpMetricsExportAutoConfiguration.class
  })
  static final class Sender {}

  @Test
  void springBootSendsWithTheProperties(@TempDir Path dir) throws IOException {
    var page = text("micrometer.md");
    var properties = blocks("micrometer.md", "yaml").getFirst();
    var file = Files.writeString(dir.resolve("application.yaml"), here(properties, ""));

    try (var sender =
        new SpringApplicationBuilder(Sender.class)
            .web(WebApplicationType.NONE)
            .run(
                "--spring.config.location=" + file,
                "--WATCHTOWER_TOKEN=" + writeToken(),
                "--spring.main.banner-mode=off")) {
      var registry = sender.getBean(MeterRegistry.class);
      registry.counter("pasted.orders").increment(3);
      registry.timer("http.server.requests").record(Duration.ofMillis(120));
    }

    var orders = find("pasted_orders_total", "checkout");
    assertThat(orders).singleElement().extracting(Series::env).isEqualTo("prod");
    assertThat(orders.getFirst().labels().get("instance")).hasSize(36);
    assertThat(find("http_server_requests_milliseconds_bucket", "checkout"))
        .as("percentiles")
        .hasSizeGreaterThan(10);
    assertThat(page).contains("http_server_requests_milliseconds_bucket");
  }

  /** Commands with curl, run as they are. */
  @Test
  void curlIsAnsweredWithoutAFault(@TempDir Path dir) throws Exception {
    var commands = 0;
    for (var page : SenderPages.all()) {
      for (var block : blocks(page, "sh")) {
        if (block.contains("curl ")) {
          run(here(block.replaceAll("(?m)^\\./watchtower .*$", ""), page), dir);
          commands++;
        }
      }
    }
    assertThat(commands).isGreaterThan(6);
  }

  @Test
  void theStepOfAGithubWorkflowTellsOfADeployment(@TempDir Path dir) throws Exception {
    var step = (String) at(yaml(blocks("github.md", "yaml").getFirst()), 0, "run");
    var filled =
        step.replace("${{ vars.WATCHTOWER_URL }}", base())
            .replace("${{ secrets.WATCHTOWER_TOKEN }}", writeToken())
            .replaceAll("\\$\\{\\{ github\\.[a-z_]+ }}", "of-a-step");

    assertThat(run(filled, dir)).isEqualTo("{\"stored\":1,\"duplicates\":0}");
    var sent = get("/api/v1/events?service=checkout&env=prod");
    assertThat(sent).contains("github/of-a-step");
  }

  @Test
  void githubFindsItsDoor() {
    var url = found(text("github.md"), "https://YOUR-HOST(/\\S+?)`").getFirst().group(1);
    var signed = found(text("github.md"), "signature \\(`(\\S+?)`\\)").getFirst().group(1);

    // A wrong signature is told from none by that header.
    var headers = Map.of("Content-Type", "application/json", "X-GitHub-Event", "ping");
    var answer = send("POST", url, null, with(headers, signed, "sha256=00"), utf8("{}"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.body()).contains("signature");
  }

  @Test
  void theCollectorExports() {
    var page = "otel-collector.md";
    var pasted = yaml(here(blocks(page, "yaml").getFirst(), page));
    var name = (String) at(pasted, "service", "pipelines", "metrics", "exporters", 0);
    var exporter = at(pasted, "exporters", name);
    assertThat(at(exporter, "compression")).isEqualTo("gzip");
    otlp(at(exporter, "endpoint") + "/v1/metrics", strings(at(exporter, "headers")));
    for (var kind : List.of("receivers", "processors")) {
      var defined = ((Map<?, ?>) at(pasted, kind)).keySet();
      assertThat(defined.containsAll((List<?>) at(pasted, "service", "pipelines", "metrics", kind)))
          .as(kind)
          .isTrue();
    }

    var own = yaml(here(blocks(page, "yaml").get(1), page));
    var otlp = at(own, "telemetry", "metrics", "readers", 0, "periodic", "exporter", "otlp");
    assertThat(at(otlp, "protocol")).isEqualTo("http/protobuf");
    var header = at(otlp, "headers", 0);
    otlp(
        at(otlp, "endpoint") + "/v1/metrics",
        Map.of((String) at(header, "name"), (String) at(header, "value")));
  }

  @Test
  void anSdkExports() {
    var page = "otel-sdk.md";
    var environment = new TreeMap<String, String>();
    found(
            here(blocks(page, "sh").getFirst(), page),
            "(OTEL_[A-Z_]+)=(\"?)(\\S+?(?: \\S+)*?)\\2(?=\\s)")
        .forEach(found -> environment.put(found.group(1), found.group(3)));

    assertThat(environment)
        .containsEntry("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf")
        .containsEntry("OTEL_METRICS_EXPORTER", "otlp");
    var header = environment.get("OTEL_EXPORTER_OTLP_METRICS_HEADERS").split("=", 2);
    otlp(
        environment.get("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"),
        Map.of(header[0], URLDecoder.decode(header[1], StandardCharsets.UTF_8)));
  }

  @Test
  void alloySendsBothWays() {
    var page = "alloy.md";
    var write = here(blocks(page, "alloy").getFirst(), page);
    var bearer = Map.of("Authorization", "Bearer " + after(write, "bearer_token"));
    remoteWrite(after(write, "url"), with(bearer, IngestDoorsIT.REMOTE_WRITE));

    var otlp = here(blocks(page, "alloy").get(1), page);
    var header = found(otlp, "headers += \\{ \"(.*?)\" = \"(.*?)\" }").getFirst();
    otlp(after(otlp, "endpoint") + "/v1/metrics", Map.of(header.group(1), header.group(2)));
  }

  @Test
  void telegrafWrites() {
    var page = "telegraf.md";
    var pasted = here(blocks(page, "toml").getFirst(), page);
    var headers = new TreeMap<String, String>();
    found(pasted.split("\\[outputs.http.headers]", 2)[1], "([\\w-]+) = \"(.*?)\"")
        .forEach(found -> headers.put(found.group(1), found.group(2)));

    remoteWrite(after(pasted, "url"), headers);
    assertThat(pasted.split("\\[outputs.http.headers]", 2)[0])
        .as("what stands below belongs to the headers")
        .contains("non_retryable_statuscodes = [400, 413]");
  }

  @Test
  void icingaSends() {
    var page = "icinga.md";
    var pasted = here(blocks(page, "").getFirst(), page);
    assertThat(after(pasted, "port")).isEqualTo(Integer.toString(port));
    var pair = found(pasted, "username = \"(.*?)\", password = \"(.*?)\"").getFirst();
    var basic = utf8(pair.group(1) + ":" + pair.group(2));

    otlp(
        "http://" + after(pasted, "host") + ":" + after(pasted, "port") + "/v1/metrics",
        Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(basic)));
  }

  @Test
  void argoCdFindsItsDoor() {
    var data = at(yaml(blocks("argo-cd.md", "yaml").getFirst()), "data");
    var service = yaml((String) at(data, "service.webhook.watchtower"));
    assertThat(URI.create((String) at(service, "url")).getPort()).isEqualTo(8081);
    var headers = new TreeMap<String, String>();
    for (var header : (List<?>) at(service, "headers")) {
      headers.put((String) at(header, "name"), (String) at(header, "value"));
    }
    headers.replaceAll((_, value) -> value.replace("$watchtower-token", writeToken()));
    assertThat(text("argo-cd.md")).contains("\"watchtower-token\":\"" + TOKEN);

    for (var name : List.of("deployed", "degraded")) {
      var hook =
          at(yaml((String) at(data, "template.watchtower-" + name)), "webhook", "watchtower");
      var body = ((String) at(hook, "body")).replaceAll("\\{\\{.*?}}", "2026-01-01T00:00:00Z");
      var answer =
          send((String) at(hook, "method"), (String) at(hook, "path"), null, headers, utf8(body));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat((String) at(data, "subscriptions")).contains("watchtower-" + name);
      assertThat((String) at(data, "trigger.watchtower-" + name)).contains("[watchtower-" + name);
    }
  }

  @Test
  void theCatalogTakesWhatIsForIt() {
    var part = blocks("icinga.md", "yaml").getFirst();
    var catalog = new CatalogParser(_ -> null).parse("icinga.md", utf8("version: 1\n" + part));
    assertThat(catalog).isNotNull();
  }

  @Test
  void whatThePagesNameIsThere() {
    SenderPages.all().forEach(this::whatItNamesIsThere);
  }

  private void whatItNamesIsThere(String page) {
    var text = text(page);
    for (var block : blocks(page, "yaml")) {
      assertThat(yaml(block)).as(block).isNotNull();
    }
    var doors = Pattern.compile("(GET|POST) (/(?:api|v1)/[^` ]+)`").matcher(text).results();
    for (var door : doors.filter(d -> !d.group(2).contains("alertmanager")).toList()) {
      var token = token(Scope.READ, Scope.INGEST_WRITE);
      var path = door.group(2).replace("MY-APP", "app");
      var body = door.group(1).equals("GET") ? null : new byte[0];
      assertThat(send(door.group(1), path, token, Map.of(), body).statusCode())
          .as(door.group())
          // GitHub's is no token.
          .isNotIn(401, 404, 405, path.endsWith("/github") ? 0 : 403);
    }
    if (text.contains(TOKEN)) {
      assertThat(scope(page)).isEqualTo(Scope.INGEST_WRITE);
    }
  }

  /** The scope of the token that a page has made. */
  private static Scope scope(String page) {
    return Scope.of(
        found(text(page), "token create --name \\S+ --scope (\\S+)").getFirst().group(1));
  }

  /** A block as it would be here, with tokens. */
  private String here(String block, String page) {
    var filled = block.contains(TOKEN) ? block.replace(TOKEN, token(scope(page))) : block;
    assertThat(filled.contains("127.0.0.1")).as("says where Watchtower is").isTrue();
    return filled
        .replace("wt_A_TOKEN_WITH_read", readToken())
        .replace(PLACE, base())
        .replace("port = 8081", "port = " + port);
  }

  private String base() {
    return "http://127.0.0.1:" + port;
  }

  /** Whatever is answered with a fault ends the shell with one. */
  private static String run(String commands, Path dir) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "no curl is installed here");
    Files.writeString(dir.resolve(".curlrc"), "fail\n");
    var shell = new ProcessBuilder("bash", "-e", "-c", commands).redirectErrorStream(true);
    shell.environment().put("CURL_HOME", dir.toString());
    var process = shell.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private void otlp(String url, Map<String, String> headers) {
    var protobuf = with(headers, "Content-Type", "application/x-protobuf");
    assertThat(taken(url, protobuf, new byte[0])).isEqualTo(200);
  }

  private void remoteWrite(String url, Map<String, String> headers) {
    var body = new WriteRequests().series(Map.of("__name__", "pasted"), now(), 1).body();
    assertThat(taken(url, headers, body)).isEqualTo(204);
  }

  private int taken(String url, Map<String, String> headers, byte[] body) {
    assertThat(url).startsWith(base());
    return send("POST", url.substring(base().length()), null, headers, body).statusCode();
  }

  private String get(String path) {
    return send("GET", path, readToken(), Map.of(), null).body();
  }

  private static Map<String, String> strings(Object map) {
    var strings = new TreeMap<String, String>();
    ((Map<?, ?>) map).forEach((name, value) -> strings.put((String) name, (String) value));
    return strings;
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    var all = new TreeMap<>(some);
    all.putAll(more);
    return all;
  }

  private static Map<String, String> with(Map<String, String> some, String name, String value) {
    return with(some, Map.of(name, value));
  }

  private List<Series> find(String name, String service) {
    return store.select(
        List.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq(Labels.SERVICE, service)),
        Instant.EPOCH,
        clock.instant().plusSeconds(60),
        1000);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
