package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * A signal is answered alike whichever way it goes; a parameter of its content type sends it the
 * long way, through the security chain and the controllers.
 */
class SignalDoorIT extends RunningService {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SHORT = "application/json";
  private static final String LONG = "application/json;charset=utf-8";

  private HttpResponse<String> send(String type, BodyPublisher body, Scope... scopes)
      throws IOException, InterruptedException {
    var token = KEYS.token("monitor", "user:ann", "*", CLOCK.instant(), scopes);
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/signals"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .POST(body)
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String type, Signal signal)
      throws IOException, InterruptedException {
    return send(type, BodyPublishers.ofString(JSON.writeValueAsString(signal)), Scope.RESPOND);
  }

  private static Map<String, List<String>> headers(HttpResponse<String> answer) {
    var headers = new HashMap<>(answer.headers().map());
    headers.remove("date");
    return headers;
  }

  private double measured(String status) {
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

  @Test
  void bothWaysAnswerAlike() throws IOException, InterruptedException {
    var service = freshService();
    var first = signal(service, "rule", SignalStatus.FIRING);
    var second = signal(service, "rule2", SignalStatus.FIRING);
    var opened = send(SHORT, first);
    var joined = send(LONG, second);
    var shortly = send(SHORT, second);
    var atLength = send(LONG, first);

    assertThat(opened.statusCode()).isEqualTo(202);
    assertThat(joined.statusCode()).isEqualTo(202);
    assertThat(JSON.readTree(opened.body()).path("effect").asString()).isEqualTo("OPENED");
    assertThat(JSON.readTree(joined.body()).path("effect").asString()).isEqualTo("JOINED");
    assertThat(shortly.statusCode()).isEqualTo(atLength.statusCode()).isEqualTo(200);
    assertThat(shortly.body().replace(second.id().toString(), first.id().toString()))
        .isEqualTo(atLength.body());
    assertThat(headers(shortly)).isEqualTo(headers(atLength));
  }

  @Test
  void bothWaysRefuseAlike() throws IOException, InterruptedException {
    for (var body : List.of("", "{nope", "null", "{}", "[]", "{\"id\":7}")) {
      var shortly = send(SHORT, BodyPublishers.ofString(body), Scope.RESPOND);
      var atLength = send(LONG, BodyPublishers.ofString(body), Scope.RESPOND);

      assertThat(shortly.statusCode()).isEqualTo(400).isEqualTo(atLength.statusCode());
      assertThat(JSON.readTree(shortly.body()).path("detail"))
          .isEqualTo(JSON.readTree(atLength.body()).path("detail"));
      assertThat(JSON.readTree(shortly.body()).path("errors"))
          .isEqualTo(JSON.readTree(atLength.body()).path("errors"));
    }
    var good = JSON.writeValueAsString(signal(freshService(), "rule", SignalStatus.FIRING));
    assertThat(send(SHORT, BodyPublishers.ofString(good), Scope.READ).statusCode()).isEqualTo(403);
  }

  @Test
  void aBodyOfUnknownLengthIsTakenAsWell() throws IOException, InterruptedException {
    var bytes = JSON.writeValueAsBytes(signal(freshService(), "rule", SignalStatus.FIRING));
    var answer =
        send(SHORT, BodyPublishers.ofByteArrays(List.of(bytes)), Scope.RESPOND, Scope.READ);

    assertThat(answer.statusCode()).isEqualTo(202);
  }

  @Test
  void bothWaysAreMeasuredUnderTheirPath() throws IOException, InterruptedException {
    double before = measured("202");
    send(SHORT, signal(freshService(), "rule", SignalStatus.FIRING));
    send(LONG, signal(freshService(), "rule", SignalStatus.FIRING));

    assertThat(measured("202")).isEqualTo(before + 2);
  }
}
