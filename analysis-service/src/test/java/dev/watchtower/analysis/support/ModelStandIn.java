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

  /** The body of a chat completion. */
  public static String completion(String text) {
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
                    "stop",
                    "message",
                    Map.of("role", "assistant", "content", text))),
            "usage",
            Map.of("prompt_tokens", 100, "completion_tokens", 20, "total_tokens", 120)));
  }
}
