package dev.watchtower.incident.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
  /** The example that the libraries of Standard Webhooks are tested with. */
  @Test
  void signsAsTheLibrariesOfStandardWebhooksExpect() {
    assertThat(
            WebhookSignature.of(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void everyPartCountsAndAnySecretIsAKey() {
    var signature = WebhookSignature.of("a plain secret of ours", "id", 1, "body");

    assertThat(WebhookSignature.of("a plain secret of ours", "id", 2, "body"))
        .isNotEqualTo(signature);
    assertThat(WebhookSignature.of("a plain secret of ours", "id", 1, "Body"))
        .isNotEqualTo(signature);
    assertThat(WebhookSignature.of("another", "id", 1, "body")).isNotEqualTo(signature);
    assertThat(WebhookSignature.of("whsec_not base64!", "id", 1, "body")).startsWith("v1,");
  }
}
