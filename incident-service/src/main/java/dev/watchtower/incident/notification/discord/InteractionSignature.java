package dev.watchtower.incident.notification.discord;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Checks the signature of Discord's requests: Ed25519 over the timestamp and the body as they came
 * (developers/interactions/overview), and that they are fresh.
 */
final class InteractionSignature {
  /** How far the request's time may be from ours. */
  static final Duration WINDOW = Duration.ofMinutes(5);

  private static final String ALGORITHM = "Ed25519";
  private static final int SIGNATURE_DIGITS = 128;

  /**
   * What stands before the 32 bytes of an Ed25519 key in an X.509 SubjectPublicKeyInfo (RFC 8410).
   */
  private static final String X509_PREFIX = "302a300506032b6570032100";

  private InteractionSignature() {}

  /**
   * Whether the request comes from Discord, and now.
   *
   * @param publicKey 64 hexadecimal digits
   * @param signature the header {@code X-Signature-Ed25519}
   * @param timestamp the header {@code X-Signature-Timestamp}, seconds since 1970
   */
  static boolean isGood(
      String publicKey, String signature, String timestamp, byte[] body, Instant now) {
    if (!timestamp.matches("\\d{1,12}") || signature.length() != SIGNATURE_DIGITS) {
      return false;
    }
    var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now).abs();
    if (age.compareTo(WINDOW) > 0) {
      return false;
    }
    try {
      var hex = HexFormat.of();
      var verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(hex.parseHex(X509_PREFIX + publicKey))));
      verifier.update(timestamp.getBytes(StandardCharsets.US_ASCII));
      verifier.update(body);
      return verifier.verify(hex.parseHex(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not a key, not hexadecimal, not a signature: in any case not Discord's.
      return false;
    }
  }
}
