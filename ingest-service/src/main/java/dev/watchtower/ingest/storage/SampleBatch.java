package dev.watchtower.ingest.storage;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one request on their way to storage: parallel arrays, and what was refused before.
 * Received samples are those in it and those refused. Not thread-safe.
 */
public final class SampleBatch {
  private @Nullable Head[] heads;
  private long[] timestamps;
  private double[] values;
  private int size;
  private final Refusals refusals = new Refusals();

  /** Of which part of the request each sample is; only where parts are told apart. */
  private int @Nullable [] parts;

  private int part;
  private final BitSet refusedParts = new BitSet();
  private long refusedInParts;

  /** An empty batch that grows. */
  public SampleBatch() {
    this(64);
  }

  /**
   * @param expected how many samples will come, about
   */
  public SampleBatch(int expected) {
    var capacity = Math.max(16, expected);
    heads = new @Nullable Head[capacity];
    timestamps = new long[capacity];
    values = new double[capacity];
  }

  /**
   * What is added or refused from now on belongs to one part of the request, such as a histogram
   * that becomes many samples.
   *
   * @param part counts from 1; 0 is no part
   */
  public void part(int part) {
    this.part = part;
  }

  /** The part that what is added now belongs to; 0 for none. */
  public int part() {
    return part;
  }

  /** Parts of which at least one sample was refused. */
  public long refusedParts() {
    return refusedParts.cardinality();
  }

  /** Refused samples that belong to a part. */
  public long refusedInParts() {
    return refusedInParts;
  }

  /**
   * Adds a sample.
   *
   * @param head its series; null if {@link #assign} will say so
   * @param ts milliseconds since the epoch
   */
  public void add(@Nullable Head head, long ts, double value) {
    if (size == timestamps.length) {
      heads = Arrays.copyOf(heads, size * 2);
      timestamps = Arrays.copyOf(timestamps, size * 2);
      values = Arrays.copyOf(values, size * 2);
      parts = parts == null ? null : Arrays.copyOf(parts, size * 2);
    }
    if (part > 0 && parts == null) {
      parts = new int[timestamps.length];
    }
    if (parts != null) {
      parts[size] = part;
    }
    heads[size] = head;
    timestamps[size] = ts;
    values[size++] = value;
  }

  /** Gives the i-th sample another value. */
  public void change(int i, double value) {
    values[i] = value;
  }

  /** Says the series of the samples from one place (included) to another (not). */
  public void assign(int from, int to, Head head) {
    Arrays.fill(heads, from, to, head);
  }

  /** Counts samples that are not in the batch because they were refused. */
  public void refuse(Refusal reason, long samples, String example) {
    refusals.add(reason, samples, example);
    refusedOf(part, samples);
  }

  private void refusedOf(int part, long samples) {
    if (part > 0 && samples > 0) {
      refusedParts.set(part);
      refusedInParts += samples;
    }
  }

  /** Takes out the samples that have no series: they were refused. */
  public void removeUnassigned() {
    var kept = 0;
    for (var i = 0; i < size; i++) {
      if (heads[i] != null) {
        keep(i, kept++);
      }
    }
    size = kept;
  }

  /** Takes out the samples outside two times, both included, and counts them as refused. */
  void refuseOutside(long oldest, long newest) {
    var kept = 0;
    for (var i = 0; i < size; i++) {
      if (timestamps[i] < oldest) {
        refuse(i, Refusal.TOO_OLD, "is older than what is kept");
      } else if (timestamps[i] > newest) {
        refuse(i, Refusal.FUTURE, "is from the future");
      } else {
        keep(i, kept++);
      }
    }
    size = kept;
  }

  /** Counts the i-th sample as refused; the text is made for the first of a reason only. */
  void refuse(int i, Refusal reason, String fault) {
    var example =
        refusals.count(reason) > 0
            ? ""
            : head(i).series().labels() + " at " + timestamps[i] + " " + fault;
    refusals.add(reason, 1, example);
    refusedOf(parts == null ? 0 : parts[i], 1);
  }

  /** Leaves only the first samples. */
  void truncate(int samples) {
    size = samples;
  }

  /** Moves a sample to a place at or before its own. */
  void keep(int from, int to) {
    if (from == to) {
      return;
    }
    heads[to] = heads[from];
    timestamps[to] = timestamps[from];
    values[to] = values[from];
    if (parts != null) {
      parts[to] = parts[from];
    }
  }

  /** How many samples are in it. */
  public int size() {
    return size;
  }

  /** The series of the i-th sample. */
  public Head head(int i) {
    var head = heads[i];
    if (head == null) {
      throw new IllegalStateException("the sample has no series");
    }
    return head;
  }

  /** Time of the i-th sample. */
  public long timestamp(int i) {
    return timestamps[i];
  }

  /** Value of the i-th sample. */
  public double value(int i) {
    return values[i];
  }

  /** All times; not to be changed. Only the first {@link #size} are in use. */
  long[] timestamps() {
    return timestamps;
  }

  /** All values, likewise. */
  double[] values() {
    return values;
  }

  /** What was refused so far. */
  public Refusals refusals() {
    return refusals;
  }
}
