package dev.watchtower.ingest.detection;

import dev.watchtower.ingest.series.Labels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes two signals the same breach. */
final class Fingerprint {
  private static final int LENGTH = 32;

  private Fingerprint() {}

  /**
   * SHA-256 of rule, service, environment and labels, in hex, cut to 32 characters.
   *
   * @param labels the labels of the series; empty for a rule on a golden signal
   */
  static String of(String rule, String service, String env, Labels labels) {
    StringBuilder text = new StringBuilder();
    text.append(rule).append('|').append(service).append('|').append(env).append('|');
    for (int i = 0; i < labels.size(); i++) {
      text.append(i == 0 ? "" : ",").append(labels.name(i)).append('=').append(labels.value(i));
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
