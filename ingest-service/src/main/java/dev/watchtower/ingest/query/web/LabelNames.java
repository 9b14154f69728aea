package dev.watchtower.ingest.query.web;

import dev.watchtower.ingest.query.QueryException;
import java.util.regex.Pattern;

/**
 * Names of labels as they stand in an address. Any text is one, as for Prometheus 3; what an
 * address does not take is written after {@code U__}: an underscore twice, any other character as
 * its code point in hexadecimal between two ({@code U__http_2e_method}).
 */
final class LabelNames {
  private static final String ESCAPED = "U__";
  private static final Pattern PART = Pattern.compile("[^_]+|__|_([0-9a-fA-F]{1,6})_");

  private LabelNames() {}

  /**
   * The name that is meant. One that is not escaped as said above is meant as it is.
   *
   * @throws QueryException if it is the name of no label
   */
  static String of(String sent) {
    var name = sent.startsWith(ESCAPED) ? unescaped(sent) : sent;
    if (name.isEmpty()) {
      throw QueryException.badData("invalid label name: \"" + sent + "\"");
    }
    return name;
  }

  private static String unescaped(String sent) {
    var name = new StringBuilder();
    var part = PART.matcher(sent).region(ESCAPED.length(), sent.length());
    while (part.lookingAt()) {
      var code = part.group(1);
      if (code == null) {
        name.append(part.group().equals("__") ? "_" : part.group());
      } else if (isCharacter(Integer.parseInt(code, 16))) {
        name.appendCodePoint(Integer.parseInt(code, 16));
      } else {
        return sent;
      }
      part.region(part.end(), sent.length());
    }
    return part.regionStart() == sent.length() ? name.toString() : sent;
  }

  private static boolean isCharacter(int code) {
    return Character.isValidCodePoint(code) && Character.getType(code) != Character.SURROGATE;
  }
}
