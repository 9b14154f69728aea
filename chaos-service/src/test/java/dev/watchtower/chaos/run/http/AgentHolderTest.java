package dev.watchtower.chaos.run.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.watchtower.chaos.run.Holder.Outcome;
import dev.watchtower.chaos.run.Run;
import dev.watchtower.chaos.run.RunRequest;
import dev.watchtower.chaos.run.RunRequest.Result.Ready;
import dev.watchtower.common.catalog.Catalog.Experiment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.client.RestClient;

class AgentHolderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"302;;Refused", "403;no;Refused", "503;busy;NoAnswer", "200;{};Done"})
  void takesARedirectForNoAgent(int status, String body, String outcome) throws IOException {
    assertThat(holdAt(status, body == null ? "" : body).getClass().getSimpleName())
        .isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"302,NoAnswer", "404,Refused", "503,NoAnswer", "204,Done"})
  void takesARedirectForNoAnswerToAnEnd(int status, String outcome) throws IOException {
    assertThat(asked(status, "", AgentHolder::release).getClass().getSimpleName())
        .isEqualTo(outcome);
  }

  @Test
  void keepsOnlyWhatCanBeKeptOfWhatItIsTold() throws IOException {
    var outcome = holdAt(403, "a\0b" + "\uD83D\uDE00".repeat(200));

    assertThat(((Outcome.Refused) outcome).reason())
        .startsWith("HTTP 403 a\uFFFDb")
        .hasSizeLessThan(220)
        .doesNotContain("\0")
        .matches(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text));
  }

  @Test
  void tellsOfAProblemWhatItSaysToPeople() throws IOException {
    var problem =
        """
        {"type":"/problems/bad-request","title":"The request is not valid","status":400,
         "detail":"parameters.ratio: expected a number from 0 to 1, found '1.7'","traceId":"5e1f"}
        """;
    var sentence = "parameters.ratio: expected a number from 0 to 1, found '1.7' (HTTP %d)";

    assertThat(holdAt(400, problem)).isEqualTo(new Outcome.Refused(sentence.formatted(400)));
    assertThat(asked(503, problem, AgentHolder::release))
        .isEqualTo(new Outcome.NoAnswer(sentence.formatted(503)));
  }

  @Test
  void knowsALeaseThatSomebodyEnded() throws IOException {
    var problem = "{\"type\":\"/problems/lease-ended\",\"title\":\"Lease ended\",\"status\":409}";

    assertThat(holdAt(409, problem)).isEqualTo(new Outcome.Over());
  }

  private static Outcome holdAt(int status, String body) throws IOException {
    return asked(status, body, (holder, run) -> holder.hold(run, Duration.ofSeconds(5)));
  }

  private static Outcome asked(
      int status, String body, BiFunction<AgentHolder, Run, Outcome> question) throws IOException {
    var id = UUID.randomUUID();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      var experiment =
          new Experiment(
              "checkout-errors",
              "Checkout fails",
              "It is seen",
              "errors",
              "checkout",
              "prod",
              "http://127.0.0.1:" + server.getAddress().getPort(),
              Map.of("ratio", 0.7),
              Duration.ofMinutes(2),
              true);
      var ready = (Ready) RunRequest.of(experiment, Map.of(), id, "ann", Instant.EPOCH);
      return question.apply(new AgentHolder(RestClient.create()), ready.run());
    } finally {
      server.stop(0);
    }
  }
}
