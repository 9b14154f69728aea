package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.RunningService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends signals both ways: a parameter of its content type sends one the long way, through the
 * security chain and the controllers.
 */
abstract class BothWays extends RunningService {
  protected static final HttpClient HTTP = HttpClient.newHttpClient();
  protected static final JsonMapper JSON = JsonMapper.builder().build();
  protected static final String SHORT = "application/json";
  protected static final String LONG = "application/json;charset=utf-8";

  protected HttpResponse<String> send(
      String type, BodyPublisher body, String token, String... accept)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/signals"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .POST(body);
    for (var one : accept) {
      request.header("Accept", one);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  protected HttpResponse<String> send(String type, BodyPublisher body, Scope... scopes)
      throws IOException, InterruptedException {
    return send(type, body, KEYS.token("monitor", "user:ann", "*", CLOCK.instant(), scopes));
  }

  protected HttpResponse<String> send(String type, Signal signal)
      throws IOException, InterruptedException {
    return send(type, body(signal), Scope.RESPOND);
  }

  protected static BodyPublisher body(Signal signal) {
    return BodyPublishers.ofString(JSON.writeValueAsString(signal));
  }

  protected static Map<String, Object> problem(HttpResponse<String> answer) {
    var members = new TreeMap<String, Object>();
    JSON.readTree(answer.body()).properties().forEach(e -> members.put(e.getKey(), e.getValue()));
    assertThat(members).containsKey("traceId");
    members.remove("traceId");
    return members;
  }

  protected static void assertAlike(HttpResponse<String> shortly, HttpResponse<String> atLength) {
    assertThat(shortly.statusCode()).isEqualTo(atLength.statusCode());
    assertThat(problem(shortly)).isEqualTo(problem(atLength));
    assertThat(headers(shortly)).isEqualTo(headers(atLength));
  }

  protected static Map<String, List<String>> headers(HttpResponse<String> answer) {
    var headers = new HashMap<>(answer.headers().map());
    headers.remove("date");
    return headers;
  }

  protected double measured(String status) {
    return responder()
        .text("/metrics", "text/plain")
        .body()
        .lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_count"))
        .filter(line -> line.contains("uri=\"/api/v1/signals\""))
        .filter(line -> line.contains("status=\"" + status + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** What is sent. */
  protected interface Sending {
    void send() throws IOException, InterruptedException;
  }

  protected static String token() {
    return KEYS.token("monitor", "user:ann", "*", CLOCK.instant(), Scope.RESPOND);
  }
}
