package dev.watchtower.common.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.web.ServiceContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.springframework.mock.env.MockEnvironment;

class LogsIT extends ServiceContext {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @Test
  void servesTheLinesOfATrace() throws Exception {
    get("/things?count=2", token(Scope.READ));

    var answer = get("/logs?trace=" + TRACE, token(Scope.RESPOND));

    assertThat(answer.statusCode()).isEqualTo(200);
    var line =
        json.readTree(answer.body())
            .get("items")
            .valueStream()
            .filter(l -> l.path("fields").path("path").asString("").equals("/things"))
            .findFirst()
            .orElseThrow();
    assertThat(line.get("message").asString()).isEqualTo("request");
    assertThat(line.get("service").asString()).isEqualTo("incident");
    assertThat(line.get("level").asString()).isEqualTo("INFO");
    assertThat(line.get("fields").get("status").asInt()).isEqualTo(200);
    assertThat(
            get("/logs?since=2100-01-01T00:00:00Z&level=error&limit=5", token(Scope.RESPOND))
                .body())
        .isEqualTo("{\"items\":[]}");
  }

  @Test
  void isForRespondersOnly() throws Exception {
    assertThat(get("/logs", token(Scope.READ)).statusCode()).isEqualTo(403);
  }

  @Test
  void answersBadParametersWithAProblem() throws Exception {
    for (var query :
        Map.of("level", "loud", "since", "yesterday", "trace", "x", "limit", "0").entrySet()) {
      var answer = get("/logs?" + query.getKey() + "=" + query.getValue(), token(Scope.RESPOND));

      assertThat(answer.statusCode()).as(query.toString()).isEqualTo(400);
      assertThat(json.readTree(answer.body()).get("errors").get(0).get("path").asString())
          .isEqualTo(query.getKey());
    }
  }

  @Test
  void writesOneLineOfJsonWithoutSecrets() {
    var event =
        new LoggingEvent(
            "x",
            (Logger) LoggerFactory.getLogger("a.b"),
            Level.WARN,
            "with wt_secret123\nhere",
            new IllegalStateException("Bearer abcdefgh"),
            new Object[0]);
    event.addKeyValuePair(new KeyValuePair("count", 3));
    event.addKeyValuePair(new KeyValuePair("url", "http://h/api/webhooks/1/tok"));

    var text =
        new JsonLines(new MockEnvironment().withProperty("watchtower.service", "chaos"))
            .format(event);

    assertThat(text).endsWith("}\n").doesNotContain("secret123", "abcdefgh", "tok\"");
    assertThat(text.trim()).doesNotContain("\n");
    var line = json.readTree(text);
    assertThat(line.get("service").asString()).isEqualTo("chaos");
    assertThat(line.get("message").asString()).isEqualTo("with wt_***\nhere");
    assertThat(line.get("count").asInt()).isEqualTo(3);
    assertThat(line.get("exception").asString()).contains("IllegalStateException: Bearer ***");
  }

  private HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token)
            .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
            .build(),
        BodyHandlers.ofString());
  }
}
