package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ServiceWebIT extends ServiceContext {

  @Test
  void healthIsOpenAndKnowsItsGroups() throws Exception {
    for (var path : List.of("/health", "/health/liveness", "/health/readiness")) {
      assertThat(send("GET", path, null, null).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void healthTellsNobodyWhereItIsInstalled() throws Exception {
    assertThat(send("GET", "/health", null, null).body())
        .contains("\"catalog\"")
        .doesNotContain("path", "disk", System.getProperty("user.dir"));
  }

  @Test
  void everythingElseWantsAToken() throws Exception {
    for (var path : List.of("/metrics", "/info", "/v3/api-docs", "/things", "/nothing-here")) {
      var answer = send("GET", path, null, null);

      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(problem(answer).path("type").asString()).isEqualTo("/problems/unauthorized");
    }
  }

  @Test
  void tellsWhichScopeIsMissing() throws Exception {
    var answer = send("POST", "/things", token(Scope.READ), "{}");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(problem(answer).path("detail").asString()).contains("respond");
  }

  @Test
  void metricsInfoAndApiDocumentAreThereForReaders() throws Exception {
    assertThat(send("GET", "/metrics", token(Scope.READ), null).body())
        .contains("jvm_memory_used_bytes");
    assertThat(send("GET", "/info", token(Scope.READ), null).statusCode()).isEqualTo(200);
    assertThat(
            json.readTree(send("GET", "/v3/api-docs", token(Scope.READ), null).body())
                .path("openapi")
                .asString())
        .startsWith("3.1");
  }

  @Test
  void tellsWhichDoorWasTriedInVain() throws Exception {
    send("GET", "/things?count=1", null, null);
    send("POST", "/things", token(Scope.READ), "{}");
    send("DELETE", "/things", token(Scope.READ), null);

    var lines =
        json.readTree(send("GET", "/logs?limit=100", token(Scope.RESPOND), null).body())
            .get("items")
            .valueStream()
            .map(l -> l.path("fields").path("path").asString("") + l.path("fields").path("status"))
            .toList();

    assertThat(lines).contains("/things401", "/things403", "/things405");
  }

  @Test
  void knowsItsCaller() throws Exception {
    var answer = send("GET", "/things?count=3", token(Scope.READ), null);

    assertThat(json.readTree(answer.body()).path("by").asString()).isEqualTo("ann");
  }

  @Test
  void namesThePathOfAWrongField() throws Exception {
    var answer = send("POST", "/things", token(Scope.RESPOND), "{\"event\":\"EXPLODE\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(problem(answer).path("errors").path(0).path("path").asString()).isEqualTo("event");
  }

  @Test
  void refusesWhatIsNotJson() throws Exception {
    for (var body : List.of("", "{", "[1", "null", "\u0000")) {
      var answer = send("POST", "/things", token(Scope.RESPOND), body);

      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/problem+json");
    }
  }

  @Test
  void takesARangeOfTypesForNoType() throws Exception {
    for (var type : List.of("*/*", "application/*", "*/json", "*/*;charset=utf-8")) {
      var read = typed(type).GET().build();
      assertThat(http.send(read, HttpResponse.BodyHandlers.ofString()).statusCode())
          .as(type)
          .isEqualTo(200);
      var sent = typed(type).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
      var answer = http.send(sent, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(type).isEqualTo(415);
      assertThat(problem(answer).path("type").asString())
          .isEqualTo("/problems/unsupported-media-type");
    }
  }

  private HttpRequest.Builder typed(String type) throws Exception {
    return HttpRequest.newBuilder(uri("/things"))
        .header("Content-Type", type)
        .header("Authorization", "Bearer " + token(Scope.READ, Scope.RESPOND));
  }

  @Test
  void refusesAWrongParameterByName() throws Exception {
    var answer = send("GET", "/things?count=many", token(Scope.READ), null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(problem(answer).path("errors").path(0).path("path").asString()).isEqualTo("count");
  }

  @Test
  void saysOfAMethodThatNobodyMayUseThatItIsThat() throws Exception {
    for (var token : new String[] {null, token(Scope.READ), token(Scope.ADMIN)}) {
      for (var path : List.of("/things", "/health", "/nowhere")) {
        var answer = send("TRACE", path, token, null);

        assertThat(answer.statusCode()).as(path).isEqualTo(405);
        assertThat(problem(answer).path("type").asString())
            .isEqualTo("/problems/method-not-allowed");
        assertThat(answer.headers().firstValue("Allow").orElse("")).contains("GET");
      }
    }
  }

  @Test
  void refusesAParameterThatIsNotUtf8() throws Exception {
    for (var query : List.of("count=%FF", "other=%ED%A0%80", "a=%C3")) {
      var answer = send("GET", "/things?count=2&" + query, token(Scope.READ), null);

      assertThat(answer.statusCode()).as(query).isEqualTo(400);
      assertThat(problem(answer).path("detail").asString()).contains("UTF-8");
    }
  }

  @Test
  void saysWhichAddressWasAskedForWhereTheRequestGotNoFurther() throws Exception {
    var answer = send("GET", "/things;a=1", token(Scope.READ), null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(problem(answer).path("instance").asString()).isEqualTo("/things;a=1");
  }

  @Test
  void speaksJsonAndNoYaml() throws Exception {
    var wanted =
        HttpRequest.newBuilder(uri("/things"))
            .header("Authorization", "Bearer " + token(Scope.READ))
            .header("Accept", "application/yaml")
            .build();
    assertThat(http.send(wanted, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(406);

    var sent =
        HttpRequest.newBuilder(uri("/things"))
            .header("Authorization", "Bearer " + token(Scope.RESPOND))
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString("event: ACKNOWLEDGE"))
            .build();
    var answer = http.send(sent, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.body()).doesNotContain("yaml");
  }

  @Test
  void refusesALargeBodyDeclaredOrNot() throws Exception {
    var large = "{\"comment\":\"" + "x".repeat(2000) + "\"}";

    assertThat(send("POST", "/things", token(Scope.RESPOND), large).statusCode()).isEqualTo(413);
    var undeclared =
        HttpRequest.newBuilder(uri("/things"))
            .header("Authorization", "Bearer " + token(Scope.RESPOND))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(() ->
                    new java.io.ByteArrayInputStream(
                        large.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
            .build();
    assertThat(http.send(undeclared, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(413);
  }

  @Test
  void asksForNoScopeWhereNothingIs() throws Exception {
    for (var path : List.of("/nothing-here", "/things/", "/v1/traces")) {
      var answer = send("POST", path, token(Scope.RESPOND), "{}");
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).contains("There is nothing at this address.");
      assertThat(send("POST", path, null, "{}").statusCode()).as(path).isEqualTo(401);
    }

    for (var token : List.of(token(Scope.READ), token(Scope.RESPOND))) {
      assertThat(send("GET", "/forgotten", token, null).statusCode())
          .as("no rule names it, so it is closed")
          .isEqualTo(403);
    }
    assertThat(send("GET", "/forgotten", token(Scope.ADMIN), null).statusCode()).isEqualTo(200);
  }

  @Test
  void answersUnknownPathsMethodsAndMediaTypes() throws Exception {
    var nothing = send("GET", "/nothing-here", token(Scope.ADMIN), null);

    assertThat(nothing.statusCode()).isEqualTo(404);
    assertThat(nothing.body()).contains("There is nothing at this address.");
    assertThat(send("DELETE", "/things", token(Scope.ADMIN), null).statusCode()).isEqualTo(405);
    var request =
        HttpRequest.newBuilder(uri("/things"))
            .header("Authorization", "Bearer " + token(Scope.RESPOND))
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofString("a,b"))
            .build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(415);
  }

  @Test
  void keepsAnAccidentToItself() throws Exception {
    var answer = send("GET", "/things?count=0", token(Scope.READ), null);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("by zero").doesNotContain("Exception");
    assertThat(problem(answer).path("traceId").asString()).hasSize(32);
  }

  @Test
  void passesOnExtensionsAndRetryAfter() throws Exception {
    var conflict = send("GET", "/things?count=-1", token(Scope.READ), null);
    assertThat(conflict.statusCode()).isEqualTo(409);
    assertThat(problem(conflict).path("allowed").path(0).asString()).isEqualTo("RESOLVE");

    var busy = send("GET", "/things?count=-2", token(Scope.READ), null);
    assertThat(busy.statusCode()).isEqualTo(503);
    assertThat(busy.headers().firstValue("Retry-After")).contains("7");
  }

  @Test
  void takesBracketsAndBracesInAQueryAsCurlSendsThem() throws Exception {
    var answer = raw("GET /things?count=2&match[]=up{job=\"x\"} HTTP/1.1");

    assertThat(answer).startsWith("HTTP/1.1 200");
  }

  @Test
  void answersWhatCannotBeReadWithAProblem() throws Exception {
    for (var line :
        List.of(
            "GET /things?a=\u0001 HTTP/1.1", "GET /thi<ngs HTTP/1.1", "G{}T /things HTTP/1.1")) {
      var answer = raw(line);

      assertThat(answer).as(line).startsWith("HTTP/1.1 400").contains("application/problem+json");
      assertThat(json.readTree(answer.substring(answer.indexOf("{"))).path("type").asString())
          .isEqualTo("/problems/bad-request");
    }
  }

  @Test
  void saysWhatItDoesNotSpeak() throws Exception {
    for (var line :
        List.of("GET /things HTTP/2.0", "GET /things HTTP/1.1\r\nTransfer-Encoding: odd")) {
      var answer = raw(line);

      assertThat(answer).as(line).containsPattern("^HTTP/1.1 50[15]").doesNotContain("nternal");
      assertThat(json.readTree(answer.substring(answer.indexOf("{"))).path("type").asString())
          .isEqualTo("/problems/refused");
    }
  }

  /** The whole answer to a request line that no client library would send. */
  private String raw(String line) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      var request =
          "%s\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
              .formatted(line, token(Scope.READ));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void explainsItsProblemTypes() throws Exception {
    assertThat(send("GET", "/problems/stale-version", null, null).body()).contains("409");
  }

  @Test
  void explainsEveryProblemTypeThatAnyServiceUses() throws Exception {
    var used = Pattern.compile("Problem\\s*\\.of\\(\\s*\\d{3},\\s*\"([a-z-]+)\"");
    var slugs = new TreeSet<String>();
    try (var files = Files.walk(Path.of(".."))) {
      for (var file :
          files.filter(f -> f.toString().matches(".*/src/main/java/.*\\.java")).toList()) {
        var match = used.matcher(Files.readString(file));
        while (match.find()) {
          slugs.add(match.group(1));
        }
      }
    }
    assertThat(slugs).contains("illegal-transition", "too-large");
    for (var slug : slugs) {
      assertThat(send("GET", "/problems/" + slug, null, null).body()).startsWith(slug + ":");
    }
  }
}
