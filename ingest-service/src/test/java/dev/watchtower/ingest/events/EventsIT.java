package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class EventsIT extends IngestContext {
  private static final Map<String, String> STRUCTURED =
      Map.of("Content-Type", "application/cloudevents+json");

  @Test
  void storesADeploymentOnceAndSaysWhatItMeans() {
    var body =
        """
        {"specversion":"1.0","id":"d1","source":"/ci","type":"dev.cdevents.service.deployed.0.3.0",
         "time":"%s","data":{"subject":{"id":"shop/cart","type":"service","content":{
           "environment":{"id":"prod"},"artifactId":"pkg:oci/cart@1.4"}}}}
        """
            .formatted(at());

    assertThat(post(body).body()).isEqualTo("{\"stored\":1,\"duplicates\":0}");
    assertThat(post(body).body()).isEqualTo("{\"stored\":0,\"duplicates\":1}");

    var found = get("?service=cart&env=prod");
    assertThat(found).containsOnlyOnce("\"id\":\"d1\"");
    assertThat(found).contains("cart deployed in prod: pkg:oci/cart@1.4");
  }

  @Test
  void takesBinaryModeAndBatches() {
    var binary =
        send(
            "POST",
            "/api/v1/events",
            writeToken(),
            Map.of(
                "ce-specversion", "1.0",
                "ce-id", "b%201",
                "ce-source", "\"/script \\\"1\\\"\"",
                "ce-type", "dev.watchtower.annotation",
                "ce-time", at(),
                "Content-Type", "application/json"),
            bytes("{\"service\":\"binary\",\"text\":\"Flag on\"}"));
    var batch =
        send(
            "POST",
            "/api/v1/events",
            writeToken(),
            Map.of("Content-Type", "application/cloudevents-batch+json"),
            bytes("[" + annotation("x1", "batch") + "," + annotation("x2", "batch") + "]"));

    assertThat(binary.statusCode()).isEqualTo(200);
    assertThat(get("?service=binary"))
        .contains("\"id\":\"b 1\"")
        .contains("\"source\":\"/script \\\"1\\\"\"")
        .contains("Flag on");
    assertThat(batch.body()).isEqualTo("{\"stored\":2,\"duplicates\":0}");
  }

  /** As {@code curl -d} does where no type is given, and as many programs do that name none. */
  @Test
  void takesBinaryModeWithoutATypeAndNoForms() throws Exception {
    var headers =
        Map.of(
            "ce-specversion", "1.0",
            "ce-id", "untyped",
            "ce-source", "/script",
            "ce-type", "dev.watchtower.annotation");
    var body = bytes("{\"service\":\"untyped\",\"text\":\"Flag on\"}");
    var form = new java.util.HashMap<>(headers);
    form.put("Content-Type", "application/x-www-form-urlencoded");

    var refused = send("POST", "/api/v1/events", writeToken(), form, body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(415);
    assertThat(refused.body()).contains("Content-Type: application/json");
    assertThat(send("POST", "/api/v1/events", writeToken(), headers, body).body())
        .isEqualTo("{\"stored\":1,\"duplicates\":0}");
    assertThat(get("?service=untyped")).contains("Flag on");
  }

  @Test
  void takesGzipAndRefusesOtherEncodings() throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes(annotation("zipped", "zipped")));
    }

    assertThat(encoded("gzip", zipped.toByteArray()).body())
        .isEqualTo("{\"stored\":1,\"duplicates\":0}");
    var other = encoded("br", bytes(annotation("other", "zipped")));
    assertThat(other.statusCode()).isEqualTo(415);
    assertThat(other.body()).contains("gzip is");
    assertThat(get("?service=zipped")).contains("\"id\":\"zipped\"").doesNotContain("other");
  }

  private HttpResponse<String> encoded(String encoding, byte[] body) {
    return send(
        "POST",
        "/api/v1/events",
        writeToken(),
        Map.of("Content-Type", "application/cloudevents+json", "Content-Encoding", encoding),
        body);
  }

  @Test
  void refusesNumbersThatNoDoubleCanHold() {
    var answer = post(annotation("huge", "huge").replaceFirst("\"data\":\\{", "$0\"n\":1e400,"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"path\":\"data.n\"");
    var whole = "1" + "0".repeat(400);
    answer =
        post(annotation("huge", "huge").replaceFirst("\"data\":\\{", "$0\"n\":" + whole + ","));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"path\":\"data.n\"");
    assertThat(get("?service=huge")).doesNotContain("huge");
  }

  /** Of signs that PostgreSQL cannot compress, and that take three bytes each. */
  @Test
  void refusesKeysThatNoIndexCanHold() {
    var random = new Random(1);
    var longest = signs(random, 512);

    var run = post(runOf("x" + longest));
    assertThat(run.statusCode()).as(run.body()).isEqualTo(400);
    assertThat(run.body()).contains("\"path\":\"data.runId\"");
    var answer = post(annotation(longest, "key").replace("\"/t\"", '"' + signs(random, 512) + '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"path\":\"source\"");

    assertThat(post(annotation(longest, "longId")).statusCode()).isEqualTo(200);
    assertThat(post(runOf(longest)).statusCode()).isEqualTo(200);
  }

  private String runOf(String id) {
    return run("started", false).replace("r-started", "long").replace(":\"r\"", ":\"" + id + '"');
  }

  private static String signs(Random random, int count) {
    return random
        .ints(count, 0x4e00, 0x9fa5)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void storesNothingOfABatchWithAFault() {
    var answer =
        send(
            "POST",
            "/api/v1/events",
            writeToken(),
            Map.of("Content-Type", "application/cloudevents-batch+json"),
            bytes("[" + annotation("f1", "faulty") + ",{\"specversion\":\"1.0\",\"id\":\"f2\"}]"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("[1].source");
    assertThat(get("?service=faulty")).contains("\"items\":[]");
  }

  @Test
  void hidesABlindRunUntilItHasEnded() {
    assertThat(post(run("started", true)).statusCode()).isEqualTo(200);
    assertThat(get("?service=blindly")).contains("\"items\":[]");

    assertThat(post(run("ended", true)).statusCode()).isEqualTo(200);

    assertThat(get("?service=blindly")).contains("run.started").contains("run.ended");
  }

  @Test
  void givesPages() {
    for (var i = 0; i < 5; i++) {
      post(annotation("p" + i, "paged"));
    }
    var first = get("?service=paged&limit=3");
    var next = first.replaceAll("(?s).*\"next\":\"([^\"]+)\".*", "$1");
    var second = get("?service=paged&limit=3&page=" + next);

    assertThat(first).contains("\"p4\"", "\"p3\"", "\"p2\"").doesNotContain("\"p1\"");
    assertThat(second).contains("\"p1\"", "\"p0\"").contains("\"next\":null");
    assertThat(send("GET", "/api/v1/events?page=junk", readToken(), Map.of(), null).statusCode())
        .isEqualTo(400);
    for (var time : List.of("+1000000000-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z")) {
      var forged =
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(time + "\ntest\np3"));
      var answer = send("GET", "/api/v1/events?page=" + forged, readToken(), Map.of(), null);
      assertThat(answer.statusCode()).as(time).isEqualTo(400);
    }
    assertThat(send("GET", "/api/v1/events?from=noon", readToken(), Map.of(), null).statusCode())
        .isEqualTo(400);
  }

  @Test
  void letsChaosWriteAndOthersNot() {
    var body = bytes(annotation("scope", "scoped"));

    assertThat(send("POST", "/api/v1/events", chaosToken(), STRUCTURED, body).statusCode())
        .isEqualTo(200);
    assertThat(send("POST", "/api/v1/events", readToken(), STRUCTURED, body).statusCode())
        .isEqualTo(403);
  }

  /** What docs/senders/argo-cd.md gives to paste, filled in as Argo CD does. */
  @Test
  void takesWhatTheTemplatesForArgoCdSend() throws Exception {
    var page = java.nio.file.Files.readString(java.nio.file.Path.of("../docs/senders/argo-cd.md"));
    var bodies =
        java.util.regex.Pattern.compile("body: \\|\n(.*?)\n  t", java.util.regex.Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(bodies).hasSize(2);
    // Twice, at different times: the same commit again, or several sources, which have no revision.
    for (var time : List.of("2026-01-31T12:00:00Z", "2026-01-31T13:00:00Z")) {
      takesWhatArgoCdSends(bodies, time);
    }
    assertThat(page).contains("oncePer: app.status.operationState.startedAt\n");
    assertThat(get("?service=argo-shop&env=prod"))
        .contains("argo-shop deployed in prod: x1")
        .contains("health is degraded");
  }

  private void takesWhatArgoCdSends(List<String> bodies, String time) throws Exception {
    for (var body : bodies) {
      var filled =
          body.replace("{{.app.status.operationState.finishedAt}}", at())
              .replace("{{.app.status.operationState.startedAt}}", time)
              .replace("{{.app.status.reconciledAt}}", time)
              .replace("{{.app.metadata.name}}", "argo-shop")
              .replace("{{.app.spec.destination.namespace}}", "prod")
              .replaceAll("\\{\\{[^}]*}}", "x1");
      var answer =
          post(
              "/api/v1/events",
              Map.of("Content-Type", "application/cloudevents+json"),
              bytes(filled));
      assertThat(answer.body()).as(filled).isEqualTo("{\"stored\":1,\"duplicates\":0}");
    }
  }

  private String at() {
    return Instant.ofEpochMilli(now()).toString();
  }

  private String annotation(String id, String service) {
    return """
    {"specversion":"1.0","id":"%s","source":"/t","type":"dev.watchtower.annotation",
     "time":"%s","data":{"service":"%s","text":"x"}}
    """
        .formatted(id, at(), service);
  }

  private String run(String what, boolean blind) {
    return """
    {"specversion":"1.0","id":"r-%1$s","source":"watchtower/chaos",
     "type":"dev.watchtower.chaos.run.%1$s","time":"%2$s",
     "data":{"runId":"r","experiment":"e","kind":"latency","service":"blindly","env":"prod",
       "blind":%3$s}}
    """
        .formatted(what, at(), blind);
  }

  private HttpResponse<String> post(String body) {
    return send("POST", "/api/v1/events", writeToken(), STRUCTURED, bytes(body));
  }

  private String get(String query) {
    var answer = send("GET", "/api/v1/events" + query, readToken(), Map.of(), null);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
