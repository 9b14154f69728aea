package dev.watchtower.common.problem;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was expected in a place, in words of the caller's world and none of Java's. */
final class Expected {
  private static final Map<Class<?>, String> WORDS =
      Map.ofEntries(
          Map.entry(String.class, "a text"),
          Map.entry(UUID.class, "a UUID"),
          Map.entry(Instant.class, "a time such as 2026-01-31T12:00:00Z"),
          Map.entry(OffsetDateTime.class, "a time such as 2026-01-31T12:00:00Z"),
          Map.entry(LocalDate.class, "a day such as 2026-01-31"),
          Map.entry(LocalTime.class, "a time of day such as 02:30"),
          Map.entry(Duration.class, "a duration such as PT30M"),
          Map.entry(Boolean.class, "true or false"),
          Map.entry(boolean.class, "true or false"),
          Map.entry(Byte.class, "a whole number"),
          Map.entry(byte.class, "a whole number"),
          Map.entry(Short.class, "a whole number"),
          Map.entry(short.class, "a whole number"),
          Map.entry(Integer.class, "a whole number"),
          Map.entry(int.class, "a whole number"),
          Map.entry(Long.class, "a whole number"),
          Map.entry(long.class, "a whole number"),
          Map.entry(BigInteger.class, "a whole number"));

  private Expected() {}

  /** "expected …" for one element of what {@code type} holds, if that is a collection or array. */
  static String elementOf(@Nullable Type type) {
    return switch (type) {
      case ParameterizedType p
          when p.getRawType() instanceof Class<?> raw
              && Collection.class.isAssignableFrom(raw)
              && p.getActualTypeArguments()[0] instanceof Class<?> element ->
          of(element);
      case Class<?> raw when raw.isArray() -> of(raw.getComponentType());
      case Class<?> raw -> of(raw);
      case null, default -> of(null);
    };
  }

  /** "expected …" for a value of the type; null where it is not known. */
  static String of(@Nullable Class<?> type) {
    return "expected " + words(type);
  }

  private static String words(@Nullable Class<?> type) {
    if (type == null) {
      return "another type";
    }
    var known = WORDS.get(type);
    if (known != null) {
      return known;
    }
    var constants = type.getEnumConstants();
    if (constants != null) {
      return "one of "
          + Arrays.stream(constants)
              .map(c -> ((Enum<?>) c).name())
              .collect(Collectors.joining(", "));
    }
    if (Number.class.isAssignableFrom(type) || type == double.class || type == float.class) {
      return "a number";
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "an object";
  }
}
