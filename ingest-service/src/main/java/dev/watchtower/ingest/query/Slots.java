package dev.watchtower.ingest.query;

import java.util.Arrays;
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

  void clear() {
    Arrays.fill(items, null);
  }
}
