package dev.watchtower.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As in containers, where no supervisor runs. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "watchtower.chaos.supervised=false")
class UnsupervisedIT {
  private static final TestKeys KEYS = new TestKeys();

  @LocalServerPort private int port;
  @Autowired private JsonMapper json;
  private final String sre = KEYS.person("ann", Scope.READ, Scope.CHAOS);

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    PostgresSupport.database().register(registry);
    KEYS.register(registry);
  }

  @Test
  void saysThatNothingCanBeCrashed() throws Exception {
    assertThat(possible("checkout-crash")).isFalse();
    assertThat(possible("checkout-latency")).isTrue();

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          var answer = send("POST", "/api/v1/runs", "{\"experiment\":\"checkout-crash\"}");
          assertThat(answer.statusCode()).isEqualTo(409);
          assertThat(json.readTree(answer.body()).path("detail").asString())
              .startsWith("A crash needs the supervisor");
        });
    assertThat(json.readTree(send("GET", "/api/v1/runs", "").body()).path("items")).isEmpty();
  }

  private boolean possible(String name) throws Exception {
    for (JsonNode experiment : json.readTree(send("GET", "/api/v1/experiments", "").body())) {
      if (experiment.path("name").asString().equals(name)) {
        return experiment.path("possible").asBoolean();
      }
    }
    throw new AssertionError("no experiment " + name);
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Authorization", "Bearer " + sre)
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
