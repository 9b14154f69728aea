package dev.watchtower.common.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses {@code null} in a body where a value has to stand, everywhere in the same words. */
public final class Fields {
  private static final String NULL = "must not be null";

  private Fields() {}

  /**
   * The value.
   *
   * @throws Problem 400 that names {@code path} where there is none
   */
  public static <T> T notNull(String path, @Nullable T value) {
    if (value == null) {
      throw Problem.badField(path, NULL);
    }
    return value;
  }

  /**
   * The list; an empty one where there is none.
   *
   * @throws Problem 400 that names the first element that is null, as {@code path[3]}
   */
  public static <T> List<T> noNulls(String path, @Nullable List<@Nullable T> values) {
    if (values == null) {
      return List.of();
    }
    for (int i = 0; i < values.size(); i++) {
      var unused = notNull(path + "[" + i + "]", values.get(i));
    }
    return List.copyOf(values);
  }
}
