package dev.watchtower.analysis.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.watchtower.analysis.model.ModelException;
import dev.watchtower.analysis.support.ModelStandIn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** How much is asked for, and how much is taken in of what a server sends. */
class OpenAiLanguageModelTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long ENDLESS = 2L << 30;

  /** What it sent before the client hung up, in bytes. */
  private final CompletableFuture<Long> sent = new CompletableFuture<>();

  @ParameterizedTest
  @ValueSource(ints = {200, 500})
  void hangsUpOnAServerThatDoesNotStop(int status) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          long count = 0;
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, 0);
            var begin = ModelStandIn.completion("x".repeat(1 << 16)).split("xx", 2)[0];
            exchange.getResponseBody().write(begin.getBytes(StandardCharsets.UTF_8));
            byte[] part = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            for (; count < ENDLESS; count += part.length) {
              exchange.getResponseBody().write(part);
            }
          } catch (IOException e) {
            // It hung up.
          } finally {
            sent.complete(count);
          }
        });
    server.start();
    try {
      var model = model("http://127.0.0.1:" + server.getAddress().getPort());
      assertThatThrownBy(() -> model.ask("say", "something", LIMIT))
          .isInstanceOf(ModelException.class);
      assertThat(sent.get(10, TimeUnit.SECONDS))
          .as("with what the sockets hold")
          .isLessThan(ENDLESS / 4);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysThatAnAnswerWasTooLong() {
    var standIn = new ModelStandIn();
    standIn.says("x".repeat((int) AnswerLimit.MOST), 0);
    try (var server = standIn.server()) {
      var model = model(server.url());
      assertThatThrownBy(() -> model.ask("say", "something", LIMIT))
          .isInstanceOf(ModelException.class)
          .hasMessage("the model's answer was too long");
    }
  }

  @Test
  void takesInWhatIsWithinTheLimit() {
    var standIn = new ModelStandIn();
    var text = "x".repeat((int) AnswerLimit.MOST / 2);
    standIn.says(text, 0);
    try (var server = standIn.server()) {
      assertThat(model(server.url()).ask("say", "something", LIMIT).text()).isEqualTo(text);
    }
  }

  @Test
  void saysHowLongAnAnswerMayBe() {
    var standIn = new ModelStandIn();
    standIn.says("{}", 0);
    try (var server = standIn.server()) {
      var unused = model(server.url(), 4096).ask("say", "something", LIMIT);
      unused = model(server.url(), 0).ask("say", "something", LIMIT);

      var asked = server.requests().stream().map(r -> JSON.readTree(r.body())).toList();
      assertThat(asked.get(0).path("max_tokens").asInt()).isEqualTo(4096);
      assertThat(asked.get(0).has("max_completion_tokens")).isFalse();
      assertThat(asked.get(1).has("max_tokens")).isFalse();
      assertThat(asked.get(1).has("max_completion_tokens")).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, true",
    "https://eu.api.openai.com/v1, true",
    "https://mine.openai.azure.com/openai/v1, true",
    "http://127.0.0.1:11434/v1, false",
    "https://notopenai.com/v1, false",
    "https://openai.com.example.org/v1, false",
    "http://my_server:8000/v1, false"
  })
  void usesTheNameThatTheServerKnows(String address, boolean completionTokens) {
    assertThat(OpenAiLanguageModel.takesCompletionTokens(address)).isEqualTo(completionTokens);
  }

  @Test
  void saysThatAnAnswerWasCutOffAndWhatItCost() {
    var standIn = new ModelStandIn();
    standIn.isCutOff("{\"hypotheses\": [{\"statement\": \"inventory");
    try (var server = standIn.server()) {
      assertThatThrownBy(() -> model(server.url()).ask("say", "something", LIMIT))
          .isInstanceOfSatisfying(ModelException.class, e -> assertThat(e.tokens()).isEqualTo(120))
          .hasMessage(
              "the model's answer was cut off after 4096 tokens"
                  + " (watchtower.analysis.model.answer-tokens)");
      assertThatThrownBy(() -> model(server.url(), 0).ask("say", "something", LIMIT))
          .hasMessage("the model's answer was cut off by the server");
    }
  }

  private static OpenAiLanguageModel model(String url) {
    return model(url, 4096);
  }

  private static OpenAiLanguageModel model(String url, int answerTokens) {
    return new OpenAiLanguageModel(url, "key", "test-model", answerTokens, LIMIT);
  }
}
