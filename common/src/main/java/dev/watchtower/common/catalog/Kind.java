package dev.watchtower.common.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A kind of value in the catalog: how it is read, and how it is described to people and to editors.
 *
 * @param expected what to say when the value is of another kind, after the word "expected"
 * @param reading reads the text; empty when it is not of this kind
 * @param sample any value of the kind, which stands in where a fault was found
 * @param secret whether the value must not be repeated in messages
 * @param schema its JSON Schema
 */
record Kind<T>(
    String expected,
    Function<String, Optional<T>> reading,
    T sample,
    boolean secret,
    Map<String, Object> schema) {

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?\\d{1,18}(\\.\\d{1,18})?([eE]-?\\d{1,2})?");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(ms|s|m|h|d|w)){1,6}+");
  private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|kB|KiB|MB|MiB|GB|GiB)?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  static final Kind<String> TEXT =
      new Kind<>(
          "a text",
          t -> t.isBlank() || t.length() > 10_000 ? Optional.empty() : Optional.of(t.strip()),
          "text",
          false,
          Map.of("type", List.of("string", "number")));

  static final Kind<String> NAMED =
      new Kind<>(
          "a name of letters, digits, '.', '_' and '-'",
          t -> NAME.matcher(t).matches() ? Optional.of(t) : Optional.empty(),
          "name",
          false,
          Map.of("type", "string", "pattern", "^" + NAME.pattern() + "$"));

  static final Kind<Boolean> FLAG =
      new Kind<>(
          "true or false",
          t ->
              switch (t) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
              },
          false,
          false,
          Map.of("type", List.of("boolean", "string")));

  static final Kind<String> ADDRESS =
      new Kind<>(
          "an address that starts with http:// or https://",
          Kind::address,
          "http://localhost",
          false,
          Map.of("type", "string"));

  /** An address that carries a secret; empty means: not configured. */
  static final Kind<String> SECRET_ADDRESS =
      new Kind<>(
          "an address that starts with http:// or https://, or nothing",
          t -> t.isBlank() ? Optional.of("") : address(t),
          "",
          true,
          Map.of("type", "string"));

  static Kind<Double> number(double least, double most) {
    var range =
        least == -Double.MAX_VALUE
            ? "a number"
            : "a number between " + plain(least) + " and " + plain(most);
    return new Kind<>(
        range,
        t ->
            NUMBER.matcher(t).matches()
                ? Optional.of(Double.parseDouble(t)).filter(n -> n >= least && n <= most)
                : Optional.empty(),
        Math.max(0, least),
        false,
        Map.of("type", List.of("number", "string")));
  }

  static Kind<Integer> whole(int least, int most) {
    return new Kind<>(
        least == most
            ? Integer.toString(least)
            : "a whole number between " + least + " and " + most,
        t ->
            t.matches("[-+]?\\d{1,10}")
                ? Optional.of(Long.parseLong(t))
                    .filter(n -> n >= least && n <= most)
                    .map(Long::intValue)
                : Optional.empty(),
        least,
        false,
        Map.of("type", List.of("integer", "string"), "minimum", least, "maximum", most));
  }

  static Kind<Duration> duration(Duration least, Duration most) {
    return new Kind<>(
        "a duration such as 30s, 5m, 1h, between " + plain(least) + " and " + plain(most),
        t -> duration(t).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0),
        least,
        false,
        Map.of(
            "type",
            List.of("string", "integer"),
            "pattern",
            "^(\\d+(ms|s|m|h|d|w)|\\$\\{.+\\})+$"));
  }

  static Kind<Long> size(long most) {
    return new Kind<>(
        "a size such as 500KiB, 64MiB",
        t -> size(t).filter(n -> n >= 1 && n <= most),
        1L,
        false,
        Map.of("type", List.of("string", "integer")));
  }

  /** One of fixed words. */
  static <T> Kind<T> word(Map<String, T> words) {
    var names = words.keySet().stream().sorted().toList();
    return new Kind<>(
        "one of " + String.join(", ", names),
        t -> Optional.ofNullable(words.get(t)),
        Objects.requireNonNull(words.get(names.getFirst())),
        false,
        Map.of("enum", names));
  }

  /** The same kind, with another value standing in where a fault was found. */
  Kind<T> withSample(T other) {
    return new Kind<>(expected, reading, other, secret, schema);
  }

  /** The text of a constant in the catalog: {@code SERVICE_DOWN} is {@code service-down}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Optional<String> address(String text) {
    try {
      var uri = URI.create(text.strip());
      var web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      return web && uri.getHost() != null ? Optional.of(text.strip()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> duration(String text) {
    if (!DURATION.matcher(text).matches()) {
      return Optional.empty();
    }
    long millis = 0;
    var part = DURATION_PART.matcher(text);
    while (part.find()) {
      millis += Long.parseLong(part.group(1)) * millisOf(part.group(2));
    }
    return Optional.of(Duration.ofMillis(millis));
  }

  private static long millisOf(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      default -> 604_800_000;
    };
  }

  private static Optional<Long> size(String text) {
    var m = SIZE.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    long factor =
        switch (m.group(2) == null ? "B" : m.group(2)) {
          case "kB" -> 1_000;
          case "KiB" -> 1_024;
          case "MB" -> 1_000_000;
          case "MiB" -> 1_048_576;
          case "GB" -> 1_000_000_000;
          case "GiB" -> 1_073_741_824;
          default -> 1;
        };
    return Optional.of(
        Math.multiplyHigh(Long.parseLong(m.group(1)), factor) == 0
            ? Long.parseLong(m.group(1)) * factor
            : Long.MAX_VALUE);
  }

  /** The duration as it is written in the catalog. */
  static String plain(Duration duration) {
    long millis = duration.toMillis();
    for (var unit : List.of("d", "h", "m", "s")) {
      if (millis != 0 && millis % millisOf(unit) == 0) {
        return millis / millisOf(unit) + unit;
      }
    }
    return millis == 0 ? "0s" : millis + "ms";
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
