package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GithubWebhookTest {
  /** GitHub's own example (docs.github.com, validating webhook deliveries). */
  @Test
  void checksSignaturesAsGithubMakesThem() {
    var body = "Hello, World!".getBytes(StandardCharsets.UTF_8);
    var secret = "It's a Secret to Everybody";
    var signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    assertThat(GithubWebhook.isSigned(body, signature, secret)).isTrue();
    assertThat(GithubWebhook.isSigned(body, signature, "another")).isFalse();
    assertThat(GithubWebhook.isSigned(body, signature.substring(7), secret)).isFalse();
    assertThat(GithubWebhook.isSigned(body, null, secret)).isFalse();
  }
}
