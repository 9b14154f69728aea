package dev.watchtower.incident.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhook requests as the Standard Webhooks specification (symmetric signatures) says, so
 * that its libraries can verify them: HMAC-SHA256 over id, timestamp and body.
 */
public final class WebhookSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_SECRET = "whsec_";

  private WebhookSignature() {}

  /**
   * The value of the header {@code webhook-signature}.
   *
   * @param secret the key: base64 after {@code whsec_}, or any other text as it is
   * @param second the value of {@code webhook-timestamp}, seconds since 1970
   */
  public static String of(String secret, String id, long second, String body) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(secret), ALGORITHM));
      var signed = (id + "." + second + "." + body).getBytes(StandardCharsets.UTF_8);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static byte[] key(String secret) {
    if (secret.startsWith(BASE64_SECRET)) {
      try {
        return Base64.getDecoder().decode(secret.substring(BASE64_SECRET.length()));
      } catch (IllegalArgumentException e) {
        // Not base64 after all: the text itself is the key, prefix and all.
        return secret.getBytes(StandardCharsets.UTF_8);
      }
    }
    return secret.getBytes(StandardCharsets.UTF_8);
  }
}
