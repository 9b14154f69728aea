package dev.watchtower.analysis.model.http;

import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import dev.watchtower.analysis.model.LanguageModel;
import dev.watchtower.analysis.model.ModelException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/**
 * A model behind an OpenAI-compatible API, through Spring AI. Built by hand: the auto-configured
 * one needs a key at the start and ignores time limits (Spring AI 2.0.1). No retries: within the
 * deadline of an incident there is no time for a second try.
 */
public final class OpenAiLanguageModel implements LanguageModel {
  /** What the client calls the end of an answer that its limit cut off. */
  private static final String CUT_OFF = "LENGTH";

  private final String baseUrl;
  private final String apiKey;
  private final String name;
  private final int answerTokens;
  private final OpenAiChatModel model;

  /**
   * @param baseUrl with or without {@code /v1} at the end
   * @param answerTokens the most tokens of an answer, thoughts included; 0 leaves it to the server
   * @param longest the longest that any answer may take
   */
  public OpenAiLanguageModel(
      String baseUrl, String apiKey, String name, int answerTokens, Duration longest) {
    this.baseUrl = withVersion(baseUrl);
    this.apiKey = apiKey;
    this.name = name;
    this.answerTokens = answerTokens;
    this.model =
        OpenAiChatModel.builder()
            .options(options(longest))
            .httpClientBuilderCustomizer(client -> client.interceptor(new AnswerLimit()))
            .build();
  }

  /** The address ending in {@code /v1}, to which the client appends {@code /chat/completions}. */
  static String withVersion(String baseUrl) {
    var trimmed = baseUrl.strip().replaceAll("/+$", "");
    return trimmed.endsWith("/v1") ? trimmed : trimmed + "/v1";
  }

  private OpenAiChatOptions options(Duration limit) {
    var options =
        OpenAiChatOptions.builder()
            .baseUrl(baseUrl)
            .apiKey(apiKey)
            .model(name)
            .timeout(limit)
            .maxRetries(0);
    if (answerTokens > 0) {
      // Either name is refused, or not heard, by the servers that want the other one.
      if (takesCompletionTokens(baseUrl)) {
        options.maxCompletionTokens(answerTokens);
      } else {
        options.maxTokens(answerTokens);
      }
    }
    return options.build();
  }

  /**
   * Whether the server at this address wants {@code max_completion_tokens}: OpenAI and Azure do,
   * whose newer models refuse {@code max_tokens}; others' servers know that one, and some no other.
   */
  static boolean takesCompletionTokens(String baseUrl) {
    String host;
    try {
      host = URI.create(baseUrl).getHost();
    } catch (IllegalArgumentException e) {
      return false;
    }
    return host != null
        && Stream.of("openai.com", "azure.com")
            .anyMatch(of -> host.equals(of) || host.endsWith("." + of));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Reply ask(String instructions, String question, Duration limit) {
    var prompt =
        new Prompt(
            List.of(new SystemMessage(instructions), new UserMessage(question)), options(limit));
    int asked = instructions.length() + question.length();
    try {
      var response = model.call(prompt);
      var text = text(response);
      long tokens = tokens(response, asked, text);
      if (isCutOff(response)) {
        throw new ModelException("the model's answer was cut off" + limit(), null, tokens);
      }
      return new Reply(text, tokens);
    } catch (OpenAIServiceException e) {
      throw new ModelException(reason(e.statusCode()), e);
    } catch (OpenAIIoException e) {
      if (isCausedBy(AnswerLimit.TooLong.class, e)) {
        throw tooLong(e, asked);
      }
      if (isCausedBy(InterruptedIOException.class, e)) {
        throw new ModelException(
            "the model did not answer within " + limit.toMillis() / 1000.0 + " s",
            e,
            LanguageModel.estimatedTokens(asked));
      }
      throw new ModelException("the model cannot be reached", e);
    } catch (OpenAIException e) {
      if (isCausedBy(AnswerLimit.TooLong.class, e)) {
        throw tooLong(e, asked);
      }
      throw new ModelException(
          "the model's answer could not be read", e, LanguageModel.estimatedTokens(asked));
    }
  }

  private static boolean isCutOff(ChatResponse response) {
    return response.getResult() != null
        && CUT_OFF.equalsIgnoreCase(response.getResult().getMetadata().getFinishReason());
  }

  private String limit() {
    return answerTokens == 0
        ? " by the server"
        : " after %d tokens (watchtower.analysis.model.answer-tokens)".formatted(answerTokens);
  }

  private static ModelException tooLong(OpenAIException e, int asked) {
    return new ModelException(
        "the model's answer was too long", e, LanguageModel.estimatedTokens(asked));
  }

  private static boolean isCausedBy(Class<? extends Throwable> kind, Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  private static String reason(int status) {
    return switch (status) {
      case 401, 403 -> "the model refused the API key (" + status + ")";
      case 404 -> "the model or its address is not known there (404)";
      case 429 -> "the model refused for now, too many requests (429)";
      default -> "the model answered with an error (" + status + ")";
    };
  }

  private static String text(ChatResponse response) {
    if (response.getResult() == null) {
      return "";
    }
    var text = response.getResult().getOutput().getText();
    return text == null ? "" : text;
  }

  private static long tokens(ChatResponse response, int asked, String answer) {
    var usage = response.getMetadata().getUsage();
    var told = usage == null ? null : usage.getTotalTokens();
    return told != null && told > 0 ? told : LanguageModel.estimatedTokens(asked + answer.length());
  }
}
