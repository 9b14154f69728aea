package dev.watchtower.ingest.detection;

import dev.watchtower.ingest.series.Labels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What makes two signals the same breach. */
final class Fingerprint {
  private static final int LENGTH = 32;

  private Fingerprint() {}

  /** Different for whatever differs. */
  static String text(String rule, String service, String env, Labels labels) {
    StringBuilder text = new StringBuilder();
    text.append(rule).append('|');
    for (String name : List.of(service, env)) {
      text.append(name.indexOf('|') >= 0 ? measured(name) : name).append('|');
    }
    for (int i = 0; i < labels.size(); i++) {
      String value = labels.value(i);
      text.append(i == 0 ? "" : ",")
          .append(labels.name(i))
          .append('=')
          .append(isAmbiguous(value) ? measured(value) : value);
    }
    return text.toString();
  }

  /**
   * Whether a value would look like one and another label after it, or as if it were measured.
   * Others stay as they are, so that what fires is known under the same fingerprint as ever.
   */
  private static boolean isAmbiguous(String value) {
    int comma = value.indexOf(',');
    return value.startsWith("|") || (comma >= 0 && value.indexOf('=', comma) >= 0);
  }

  private static String measured(String value) {
    return "|" + value.length() + "|" + value;
  }

  /**
   * SHA-256 of rule, service, environment and labels, in hex, cut to 32 characters.
   *
   * @param labels the labels of the series; empty for a rule on a golden signal
   */
  static String of(String rule, String service, String env, Labels labels) {
    String text = text(rule, service, env, labels);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
