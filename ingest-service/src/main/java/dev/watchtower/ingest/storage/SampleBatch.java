package dev.watchtower.ingest.storage;

import java.util.Arrays;
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
