package dev.watchtower.common.catalog;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in {@code ${NAME}} and {@code ${NAME:-default}}. The default is taken when the variable is
 * not set or empty. A dollar without a brace stays as it is: queries have {@code $service}.
 */
final class Placeholders {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?}");

  private final Function<String, @Nullable String> environment;

  Placeholders(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  /** A text with its placeholders filled in, or why that cannot be done. */
  sealed interface Filled {
    /** Filled in. */
    record Text(String text) implements Filled {}

    /** It cannot be; says what to do. */
    record Fault(String message) implements Filled {}
  }

  Filled fill(String text) {
    if (!text.contains("${")) {
      return new Filled.Text(text);
    }
    var filled = new StringBuilder();
    var matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      var value = environment.apply(matcher.group(1));
      var fallback = matcher.group(3);
      if (fallback != null && (value == null || value.isEmpty())) {
        value = fallback;
      }
      if (value == null) {
        return new Filled.Fault(
            "the environment variable "
                + matcher.group(1)
                + " is not set; set it, or give a default: ${"
                + matcher.group(1)
                + ":-default}");
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    int checked = filled.length();
    matcher.appendTail(filled);
    if (filled.indexOf("${", checked) >= 0 || !PLACEHOLDER.matcher(text).find()) {
      return new Filled.Fault("expected ${NAME} or ${NAME:-default}, found a '${' that is neither");
    }
    return new Filled.Text(filled.toString());
  }
}
