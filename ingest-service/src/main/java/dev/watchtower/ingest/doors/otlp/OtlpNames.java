package dev.watchtower.ingest.doors.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Names of OpenTelemetry as Prometheus names: units spelled out and appended, {@code _total} for
 * monotonic sums, {@code _ratio} for gauges of unit 1, other characters replaced. Follows
 * prometheus/otlptranslator.
 */
final class OtlpNames {
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("d", "days"),
          Map.entry("h", "hours"),
          Map.entry("min", "minutes"),
          Map.entry("s", "seconds"),
          Map.entry("ms", "milliseconds"),
          Map.entry("us", "microseconds"),
          Map.entry("ns", "nanoseconds"),
          Map.entry("By", "bytes"),
          Map.entry("KiBy", "kibibytes"),
          Map.entry("MiBy", "mebibytes"),
          Map.entry("GiBy", "gibibytes"),
          Map.entry("TiBy", "tibibytes"),
          Map.entry("KBy", "kilobytes"),
          Map.entry("MBy", "megabytes"),
          Map.entry("GBy", "gigabytes"),
          Map.entry("TBy", "terabytes"),
          Map.entry("m", "meters"),
          Map.entry("V", "volts"),
          Map.entry("A", "amperes"),
          Map.entry("J", "joules"),
          Map.entry("W", "watts"),
          Map.entry("g", "grams"),
          Map.entry("Cel", "celsius"),
          Map.entry("Hz", "hertz"),
          Map.entry("1", ""),
          Map.entry("%", "percent"));

  private static final Map<String, String> PER =
      Map.of(
          "s", "second", "m", "minute", "h", "hour", "d", "day", "w", "week", "mo", "month", "y",
          "year");

  private OtlpNames() {}

  /** What kind of metric it is, as far as the name goes. */
  enum Kind {
    GAUGE,
    COUNTER,
    OTHER
  }

  /** The metric's name; empty if nothing of it can be used. */
  static String metric(String name, String unit, Kind kind) {
    var tokens = tokens(name);
    if (tokens.isEmpty()) {
      // What a unit or a kind would make of it names nothing.
      return "";
    }
    for (var token : unitTokens(unit)) {
      if (!tokens.contains(token)) {
        if (token.startsWith("per_") && tokens.contains(token.substring(4))) {
          continue;
        }
        tokens.add(token);
      }
    }
    if (kind == Kind.COUNTER) {
      tokens.removeIf("total"::equals);
      tokens.add("total");
    } else if (kind == Kind.GAUGE && unit.strip().equals("1")) {
      tokens.removeIf("ratio"::equals);
      tokens.add("ratio");
    }
    var joined = String.join("_", tokens);
    return !joined.isEmpty() && isDigit(joined.charAt(0)) ? "_" + joined : joined;
  }

  private static List<String> unitTokens(String unit) {
    var found = new ArrayList<String>(2);
    var slash = unit.indexOf('/');
    var main = (slash < 0 ? unit : unit.substring(0, slash)).strip();
    if (!main.isEmpty() && main.indexOf('{') < 0) {
      var text = String.join("_", tokens(UNITS.getOrDefault(main, main)));
      if (!text.isEmpty()) {
        found.add(text);
      }
    }
    var per = slash < 0 ? "" : unit.substring(slash + 1).strip();
    if (!per.isEmpty() && per.indexOf('{') < 0) {
      var text = String.join("_", tokens(PER.getOrDefault(per, per)));
      if (!text.isEmpty()) {
        found.add("per_" + text);
      }
    }
    return found;
  }

  /** The runs of letters, digits and colons. */
  private static List<String> tokens(String text) {
    var tokens = new ArrayList<String>();
    var from = -1;
    for (var i = 0; i <= text.length(); i++) {
      var valid = i < text.length() && (isWord(text.charAt(i)) || text.charAt(i) == ':');
      if (valid && from < 0) {
        from = i;
      } else if (!valid && from >= 0) {
        tokens.add(text.substring(from, i));
        from = -1;
      }
    }
    return tokens;
  }

  /** The label's name; empty for an empty one. */
  static String label(String name) {
    var text = new StringBuilder(name.length() + 4);
    for (var i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      text.append(isWord(c) || c == '_' ? c : '_');
    }
    if (!text.isEmpty() && isDigit(text.charAt(0))) {
      text.insert(0, "key_");
    }
    return text.toString();
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
