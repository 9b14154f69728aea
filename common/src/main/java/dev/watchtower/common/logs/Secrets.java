package dev.watchtower.common.logs;

import java.util.regex.Pattern;

/**
 * Takes secrets out of texts: our tokens, bearer headers, webhook addresses, API keys, passwords in
 * URLs.
 */
public final class Secrets {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?<keep1>\\bwt_)[A-Za-z0-9_.=-]{6,}"
              + "|(?i:(?<keep2>\\b(?:bearer|basic)\\s+))[A-Za-z0-9._~+/=-]{6,}"
              + "|(?<keep3>/api/(?:v\\d+/)?webhooks/\\d+/)[A-Za-z0-9_.-]+"
              + "|(?<keep4>\\bsk-)[A-Za-z0-9_-]{8,}"
              + "|(?i:(?<keep5>\\b(?:password|passwd|secret|token|api[-_]?key)\\s*[=:]\\s*))[^\\s&,;\"']+"
              + "|(?<keep6>://[^\\s/:@]{1,64}:)[^\\s/@]{1,256}(?=@)");

  private static final String[] KEPT = {"keep1", "keep2", "keep3", "keep4", "keep5", "keep6"};

  private Secrets() {}

  /** The text with {@code ***} in place of each secret. */
  public static String masked(String text) {
    var matcher = SECRET.matcher(text);
    if (!matcher.find()) {
      return text;
    }
    var out = new StringBuilder(text.length());
    do {
      matcher.appendReplacement(out, "");
      for (var name : KEPT) {
        if (matcher.group(name) instanceof String kept) {
          out.append(kept);
        }
      }
      out.append("***");
    } while (matcher.find());
    return matcher.appendTail(out).toString();
  }
}
