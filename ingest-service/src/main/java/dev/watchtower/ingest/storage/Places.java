package dev.watchtower.ingest.storage;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ascending places in the list of all heads. Guarded by the lock of the {@link HeadIndex}. */
final class Places {
  private int[] items = new int[2];
  private int size;

  void add(int place) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = place;
  }

  /** Leaves only the places that have a head. */
  void leave(List<@Nullable Head> heads) {
    var kept = 0;
    for (var i = 0; i < size; i++) {
      if (heads.get(items[i]) != null) {
        items[kept++] = items[i];
      }
    }
    size = kept;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  int get(int i) {
    return items[i];
  }

  void addTo(BitSet set) {
    for (var i = 0; i < size; i++) {
      set.set(items[i]);
    }
  }
}
