package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Bodies with a {@code Content-Encoding}. */
class EncodedBodiesIT extends ServiceContext {
  @Test
  void decodesGzipWithinTheLimit() throws Exception {
    var event = gzip("{\"event\":\"EXPLODE\"}".getBytes(StandardCharsets.UTF_8));
    for (var answer : List.of(encoded("gzip", event, true), encoded("GZIP", event, false))) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(problem(answer).path("errors").path(0).path("path").asString()).isEqualTo("event");
    }
    var large = "{\"comment\":\"" + "x".repeat(100_000) + "\"}";
    var small = gzip(large.getBytes(StandardCharsets.UTF_8));
    assertThat(small).hasSizeLessThan(1000);
    assertThat(encoded("gzip", small, true).statusCode()).isEqualTo(413);

    var half = Arrays.copyOf(event, event.length / 2);
    for (var body : List.of("{}".getBytes(StandardCharsets.UTF_8), half)) {
      var answer = encoded("gzip", body, true);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(problem(answer).path("detail").asString()).contains("not gzip, or not all of it");
    }
  }

  @Test
  void refusesEncodingsThatAreNotTaken() throws Exception {
    for (var encoding : List.of("br", "zstd", "deflate", "gzip, gzip", "bogus")) {
      var answer = encoded(encoding, "{}".getBytes(StandardCharsets.UTF_8), true);
      assertThat(answer.statusCode()).as(encoding).isEqualTo(415);
      assertThat(problem(answer).path("detail").asString()).contains(encoding, "gzip is");
    }
    var form =
        HttpRequest.newBuilder(uri("/things"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Content-Encoding", "gzip")
            .header("Authorization", "Bearer " + token(Scope.RESPOND))
            .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(new byte[] {'a', '=', '1'})))
            .build();
    var answer = http.send(form, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(problem(answer).path("detail").asString()).startsWith("A form is taken without");
    var empty =
        HttpRequest.newBuilder(uri("/things"))
            .header("Content-Encoding", "br")
            .header("Authorization", "Bearer " + token(Scope.READ))
            .build();
    assertThat(http.send(empty, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  /** A sender with a wrong address is told that, and not of its encoding. */
  @Test
  void saysThatThereIsNothingWhateverTheEncoding() throws Exception {
    var request =
        HttpRequest.newBuilder(uri("/things/nothing/here"))
            .header("Content-Type", "application/x-protobuf")
            .header("Content-Encoding", "snappy")
            .header("Authorization", "Bearer " + token(Scope.RESPOND))
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2}))
            .build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }

  private HttpResponse<String> encoded(String encoding, byte[] body, boolean declared)
      throws Exception {
    var publisher =
        declared
            ? HttpRequest.BodyPublishers.ofByteArray(body)
            : HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    var request =
        HttpRequest.newBuilder(uri("/things"))
            .header("Content-Type", "application/json")
            .header("Content-Encoding", encoding)
            .header("Authorization", "Bearer " + token(Scope.RESPOND))
            .POST(publisher)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
