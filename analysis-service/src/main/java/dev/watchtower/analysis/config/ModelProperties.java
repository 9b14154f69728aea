package dev.watchtower.analysis.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the model is, under the names that Spring AI uses.
 *
 * @param baseUrl address of an OpenAI-compatible server, with or without {@code /v1}; empty: OpenAI
 * @param apiKey its key; may be empty for a server of one's own
 */
@ConfigurationProperties("spring.ai.openai")
record ModelProperties(
    @DefaultValue("") String baseUrl, @DefaultValue("") String apiKey, @DefaultValue Chat chat) {
  private static final String OPENAI = "https://api.openai.com/v1";
  private static final String DEFAULT_MODEL = "gpt-4o-mini";

  /** Settings of the chat model. */
  record Chat(@DefaultValue Options options) {}

  /**
   * Its options.
   *
   * @param model the model's name
   */
  record Options(@DefaultValue("") String model) {}

  /** Whether there is a model at all: a key, or an address of one's own. */
  boolean isConfigured() {
    return !apiKey.isBlank() || !baseUrl.isBlank();
  }

  String address() {
    return baseUrl.isBlank() ? OPENAI : baseUrl;
  }

  /** A server of one's own often needs no key, but the client wants one. */
  String key() {
    return apiKey.isBlank() ? "none" : apiKey;
  }

  String modelName() {
    return chat.options.model.isBlank() ? DEFAULT_MODEL : chat.options.model;
  }

  /** Without the key, so that it is never logged. */
  @Override
  public String toString() {
    return "ModelProperties[" + baseUrl + ", " + chat + "]";
  }
}
