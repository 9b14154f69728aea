package dev.watchtower.ingest.query;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One thing for each place of a {@link Plan}, where there is one. For one thread. */
final class Slots<T> {
  private @Nullable Object[] items = new @Nullable Object[8];

  @SuppressWarnings("unchecked") // only set() puts something in
  @Nullable T get(int place) {
    return place < items.length ? (T) items[place] : null;
  }

  void set(int place, T item) {
    if (place >= items.length) {
      items = Arrays.copyOf(items, Math.max(place + 1, items.length * 2));
    }
    items[place] = item;
  }

  /** Whether it holds for all that there is. */
  @SuppressWarnings("unchecked") // only set() puts something in
  boolean all(Predicate<T> holds) {
    for (Object item : items) {
      if (item != null && !holds.test((T) item)) {
        return false;
      }
    }
    return true;
  }

  void clear() {
    Arrays.fill(items, null);
  }
}
