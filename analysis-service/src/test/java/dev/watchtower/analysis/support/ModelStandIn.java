package dev.watchtower.analysis.support;

import dev.watchtower.analysis.support.StubServer.Answer;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A stand-in for an OpenAI-compatible server. */
public final class ModelStandIn {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final StubServer server = new StubServer();

  public StubServer server() {
    return server;
  }

  /** Answers every question with {@code text}, {@code afterMillis} late. */
  public void says(String text, long afterMillis) {
    server.answering(r -> new Answer(200, completion(text), afterMillis));
  }

  /** Answers every question with {@code text}, and says that the limit of tokens ended it. */
  public void isCutOff(String text) {
    server.answering(r -> new Answer(200, completion(text, "length")));
  }

  /** The body of a chat completion that ended by itself. */
  public static String completion(String text) {
    return completion(text, "stop");
  }

  /**
   * The body of a chat completion.
   *
   * @param ended why it did, in OpenAI's words
   */
  public static String completion(String text, String ended) {
    return JSON.writeValueAsString(
        Map.of(
            "id",
            "c1",
            "object",
            "chat.completion",
            "created",
            1,
            "model",
            "test-model",
            "choices",
            List.of(
                Map.of(
                    "index",
                    0,
                    "finish_reason",
                    ended,
                    "message",
                    Map.of("role", "assistant", "content", text))),
            "usage",
            Map.of("prompt_tokens", 100, "completion_tokens", 20, "total_tokens", 120)));
  }
}
