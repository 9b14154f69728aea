package dev.watchtower.incident.timeline;

import java.math.BigDecimal;
import java.time.temporal.TemporalAccessor;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one text for a JSON value that the hash chain is computed over: no white space, object
 * members sorted by their names' UTF-16 code units, numbers in plain decimal notation without
 * trailing zeros, text escaped only where JSON demands it. Anybody who parses an entry can write
 * this text again, whatever wrote the numbers before.
 */
public final class CanonicalJson {
  private CanonicalJson() {}

  /**
   * The canonical text of {@code value}.
   *
   * @throws IllegalArgumentException for what is no JSON value
   */
  public static String of(@Nullable Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Boolean b -> out.append(b);
      case Number n -> out.append(number(n));
      case CharSequence text -> text(text, out);
      case Enum<?> e -> text(e.name(), out);
      case UUID id -> text(id.toString(), out);
      case TemporalAccessor time -> text(time.toString(), out);
      case Map<?, ?> map -> object(map, out);
      case Collection<?> list -> {
        out.append('[');
        var separator = "";
        for (var item : list) {
          out.append(separator);
          write(item, out);
          separator = ",";
        }
        out.append(']');
      }
      default -> throw new IllegalArgumentException("no JSON value: " + value.getClass().getName());
    }
  }

  private static void object(Map<?, ?> map, StringBuilder out) {
    var sorted = new TreeMap<String, @Nullable Object>();
    map.forEach((name, item) -> sorted.put(String.valueOf(name), item));
    out.append('{');
    var separator = "";
    for (var member : sorted.entrySet()) {
      out.append(separator);
      text(member.getKey(), out);
      out.append(':');
      write(member.getValue(), out);
      separator = ",";
    }
    out.append('}');
  }

  private static String number(Number n) {
    if (n instanceof Double || n instanceof Float) {
      double d = n.doubleValue();
      // JSON has no such numbers; a breach can still have been one (x / 0).
      if (Double.isNaN(d) || Double.isInfinite(d)) {
        return "null";
      }
    }
    var decimal = new BigDecimal(n.toString());
    return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
  }

  private static void text(CharSequence text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\0' -> {
          // PostgreSQL's text cannot hold it, escaped or not is all the same to a reader.
        }
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
