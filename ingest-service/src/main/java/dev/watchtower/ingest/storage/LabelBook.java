package dev.watchtower.ingest.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes by which senders name their series, and the series they name, side by side in the order
 * in which they came. Senders name theirs in the same order again and again: mostly a comparison
 * with the bytes that followed last time finds the next series, and memory is read in a line.
 *
 * <p>Entries are only added, by one thread at a time, and read by any without a lock. A reader
 * keeps to the same book while it works on a request: places of one book mean nothing in another.
 */
public final class LabelBook {
  /** No place. */
  public static final int NONE = -1;

  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int FEWEST = 1024;
  private static final int SEGMENT = 1 << 20;
  private static final int OFFSET_BITS = 32;

  /** By hash, with open addressing: a place and one, or 0. What it leads to is there already. */
  private final int[] slots;

  /** Where the bytes of a place begin: number of the segment, and offset in it. */
  private final long[] starts;

  private final int[] lengths;
  private final int[] hashes;
  private final @Nullable Head[] heads;

  /** The place that followed last time, and one; only a guess. */
  private final int[] next;

  private byte[][] segments;

  /** Used bytes of the last segment. */
  private int used;

  private int size;

  /** An empty book. */
  public LabelBook() {
    this(FEWEST, new byte[0][]);
  }

  private LabelBook(int capacity, byte[][] segments) {
    slots = new int[capacity * 2];
    starts = new long[capacity];
    lengths = new int[capacity];
    hashes = new int[capacity];
    heads = new @Nullable Head[capacity];
    next = new int[capacity];
    this.segments = segments;
  }

  /** How many entries it has. */
  int size() {
    return size;
  }

  boolean isFull() {
    return size == heads.length;
  }

  /** The same entries with room for twice as many; for the thread that adds. */
  LabelBook grown() {
    var book = new LabelBook(heads.length * 2, segments);
    System.arraycopy(starts, 0, book.starts, 0, size);
    System.arraycopy(lengths, 0, book.lengths, 0, size);
    System.arraycopy(hashes, 0, book.hashes, 0, size);
    System.arraycopy(heads, 0, book.heads, 0, size);
    System.arraycopy(next, 0, book.next, 0, size);
    book.used = used;
    book.size = size;
    for (var slot : slots) {
      if (slot != 0) {
        var at = hashes[slot - 1] & book.mask();
        while (book.slots[at] != 0) {
          at = (at + 1) & book.mask();
        }
        book.slots[at] = slot;
      }
    }
    return book;
  }

  private int mask() {
    return slots.length - 1;
  }

  /** The place of these very bytes, if their series is still there. */
  public int find(LabelKey key) {
    var place = (int) INTS.getAcquire(slots, slot(key)) - 1;
    return place < 0 || head(place).isGone() ? NONE : place;
  }

  /** The slot that leads to these bytes, or the free one where it would be. */
  private int slot(LabelKey key) {
    var at = key.hash() & mask();
    while (true) {
      var place = (int) INTS.getAcquire(slots, at) - 1;
      if (place < 0
          || (hashes[place] == key.hash()
              && key.isAt(segment(place), offset(place), lengths[place]))) {
        return at;
      }
      at = (at + 1) & mask();
    }
  }

  /** Adds an entry; it takes the place of one of the same bytes. Not while it is full. */
  void add(LabelKey key, Head head) {
    var length = key.length();
    if (segments.length == 0 || segments[segments.length - 1].length - used < length) {
      segments = Arrays.copyOf(segments, segments.length + 1);
      segments[segments.length - 1] = new byte[Math.max(SEGMENT, length)];
      used = 0;
    }
    key.copyTo(segments[segments.length - 1], used);
    starts[size] = ((long) (segments.length - 1) << OFFSET_BITS) | used;
    lengths[size] = length;
    hashes[size] = key.hash();
    heads[size] = head;
    used += length;
    var slot = slot(key);
    INTS.setRelease(slots, slot, ++size);
  }

  /** The series of a place. It may be gone for a moment: storage looks it up anew then. */
  public Head head(int place) {
    var head = heads[place];
    if (head == null) {
      throw new IndexOutOfBoundsException(place);
    }
    return head;
  }

  /** How many bytes name it. */
  public int length(int place) {
    return lengths[place];
  }

  /** The place that followed last time if its very bytes stand here; else none. */
  public int following(int place, byte[] bytes, int from, int end) {
    var guess = (int) INTS.getAcquire(next, place) - 1;
    if (guess < 0) {
      return NONE;
    }
    var length = lengths[guess];
    var offset = offset(guess);
    return length <= end - from
            && Arrays.equals(segment(guess), offset, offset + length, bytes, from, from + length)
        ? guess
        : NONE;
  }

  /** Remembers what followed. */
  public void follows(int place, int after) {
    if (next[place] != after + 1) {
      INTS.setRelease(next, place, after + 1);
    }
  }

  private byte[] segment(int place) {
    return segments[(int) (starts[place] >>> OFFSET_BITS)];
  }

  private int offset(int place) {
    return (int) starts[place];
  }

  /** Whether it has series that are gone. */
  boolean hasGone() {
    for (var place = 0; place < size; place++) {
      if (head(place).isGone()) {
        return true;
      }
    }
    return false;
  }
}
