package dev.watchtower.incident.notification;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Digests of addresses and passwords, to see whether they are still the same. Salted and slow, some
 * milliseconds each, since a password can be guessed by them.
 */
final class AccessDigest {
  private static final String SEPARATOR = ":";
  private static final int SALT_BYTES = 16;
  private static final int ROUNDS = 10_000;
  private static final int BITS = 256;
  private static final SecureRandom RANDOM = new SecureRandom();

  private AccessDigest() {}

  /** A digest of the text, with a salt of its own. */
  static String of(String text) {
    var salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return HexFormat.of().formatHex(salt) + SEPARATOR + digest(salt, text);
  }

  /** Whether {@code digest} is one of the text; one of another form is none. */
  static boolean isOf(String digest, String text) {
    int end = digest.indexOf(SEPARATOR);
    if (end != 2 * SALT_BYTES) {
      return false;
    }
    var again = digest(HexFormat.of().parseHex(digest.substring(0, end)), text);
    return MessageDigest.isEqual(
        again.getBytes(StandardCharsets.US_ASCII),
        digest.substring(end + 1).getBytes(StandardCharsets.US_ASCII));
  }

  private static String digest(byte[] salt, String text) {
    try {
      var spec = new PBEKeySpec(text.toCharArray(), salt, ROUNDS, BITS);
      var key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec);
      return HexFormat.of().formatHex(key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PBKDF2", e);
    }
  }
}
