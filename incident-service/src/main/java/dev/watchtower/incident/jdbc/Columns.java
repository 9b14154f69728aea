package dev.watchtower.incident.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Instants as columns of type {@code timestamptz}, and columns of many rows as arrays. */
public final class Columns {
  private Columns() {}

  /** As a parameter. */
  public static OffsetDateTime utc(Instant at) {
    return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
  }

  /** As a parameter that may be null. */
  public static @Nullable OffsetDateTime utcOrNull(@Nullable Instant at) {
    return at == null ? null : utc(at);
  }

  /** From a column that is never null. */
  public static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** From a column that may be null. */
  public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  /**
   * One column of many rows as a parameter of type {@code text[]}, which PostgreSQL casts to any
   * other; null stays null.
   */
  public static <T> @Nullable String[] texts(
      List<T> rows, Function<? super T, ? extends @Nullable Object> column) {
    var texts = new @Nullable String[rows.size()];
    for (int i = 0; i < texts.length; i++) {
      var value = column.apply(rows.get(i));
      texts[i] = value == null ? null : value.toString();
    }
    return texts;
  }
}
