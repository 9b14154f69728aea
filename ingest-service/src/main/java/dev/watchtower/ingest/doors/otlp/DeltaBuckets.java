package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import dev.watchtower.ingest.doors.Numbers;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.Head;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.RequestRefusedException;
import dev.watchtower.ingest.storage.SeriesTable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns the exponential histograms of one request that come as deltas into running totals. As with
 * {@link DeltaSums}, the end of the series is the only state that counts: what is in memory holds
 * only while it is of the time with which the series of the count ends, and else the totals are
 * those of the stored buckets of that time. Only one request with deltas may be between here and
 * storage at a time.
 */
final class DeltaBuckets {
  private static final String INFINITE = Numbers.text(Double.POSITIVE_INFINITY);

  /** Series that a request may have looked at, half a second's work; see {@link #known}. */
  private static final long MOST = 1_000_000;

  /** A delta that can be read, but comes too late or beside another one. */
  static final class RefusedException extends UnusableException {
    private static final long serialVersionUID = 1;

    private final Refusal reason;

    private RefusedException(Refusal reason, String message) {
      super(message);
      this.reason = reason;
    }

    static RefusedException older() {
      return new RefusedException(Refusal.TOO_OLD, DeltaSums.OLDER);
    }

    /** Another delta is known to be stored for that time. */
    static RefusedException another() {
      return new RefusedException(Refusal.CONFLICT, DeltaSums.ANOTHER);
    }

    Refusal reason() {
      return reason;
    }
  }

  /** With what the series of the count ends, and the totals of that time where they are known. */
  private record Start(Head.Newest end, BucketTotals.@Nullable Total total) {
    boolean isRunning() {
      return Double.isFinite(end.value());
    }
  }

  /** A histogram whose totals are read, and what was found of its buckets. */
  private record Wanted(Labels counts, Head.Newest end, TreeMap<Double, Double> found) {}

  private final BucketTotals kept;
  private final SeriesTable table;
  private final RequestMemory memory;
  private final Map<Labels, Start> starts = new HashMap<>();
  private final Map<Labels, BucketTotals.Total> inRequest = new HashMap<>();
  private final long most;
  private long looked;

  /** For one request. */
  DeltaBuckets(BucketTotals kept, SeriesTable table, RequestMemory memory) {
    this(kept, table, memory, MOST);
  }

  DeltaBuckets(BucketTotals kept, SeriesTable table, RequestMemory memory, long most) {
    this.kept = kept;
    this.table = table;
    this.memory = memory;
    this.most = most;
  }

  /**
   * To be called before the histograms of a metric come: reads the totals that are not in memory,
   * all together, since they are found by looking at the series of the metric.
   *
   * @param buckets name of their series of buckets
   * @param counts the series of their counts, as they are stored; gone through once
   * @throws RequestRefusedException if too many series were looked at. What was found until then is
   *     in memory, so that the request will get further next time.
   */
  void known(String buckets, Iterable<Labels> counts) {
    var wanted = new HashMap<Labels, Wanted>();
    for (var each : counts) {
      if (starts.containsKey(each)) {
        continue;
      }
      var head = table.known(each);
      var end = head == null ? null : head.newest();
      if (end == null || end.timestamp() == Long.MIN_VALUE) {
        continue;
      }
      var total = kept.get(each);
      var start = new Start(end, total != null && total.ts() == end.timestamp() ? total : null);
      starts.put(each, start);
      if (start.total() == null && start.isRunning()) {
        memory.use(RequestMemory.LABELLED_SAMPLE);
        wanted.put(each.with(Labels.METRIC_NAME, buckets), new Wanted(each, end, new TreeMap<>()));
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    if (looked >= most) {
      throw new RequestRefusedException(
          RequestRefusedException.Reason.BUSY, "the totals of its histograms are being read again");
    }
    looked +=
        table.running(
            wanted.keySet(),
            "le",
            Integer.MAX_VALUE,
            (labels, head) -> {
              var one = wanted.get(labels);
              if (one != null) {
                add(one, head);
              }
            });
    wanted.values().forEach(this::read);
  }

  private void add(Wanted one, Head head) {
    var newest = head.newest();
    // Those of another time are of bounds that it had before.
    var bound = head.series().labels().getOrEmpty("le");
    if (newest.timestamp() == one.end().timestamp() && !bound.equals(INFINITE)) {
      memory.use(RequestMemory.OBJECT);
      one.found().put(number(bound), newest.value());
    }
  }

  private static double number(String bound) {
    try {
      return Double.parseDouble(bound);
    } catch (NumberFormatException e) {
      // No bound of ours: nor are the buckets then.
      return Double.NaN;
    }
  }

  private void read(Wanted one) {
    try {
      var buckets = StoredBuckets.of(one.found());
      var total = new BucketTotals.Total(one.end().timestamp(), buckets, null);
      starts.put(one.counts(), new Start(one.end(), total));
      kept.put(one.counts(), total);
    } catch (UnusableException e) {
      // Not of an exponential histogram: the buckets begin at the delta.
    }
  }

  /**
   * The totals after a delta.
   *
   * @param counts the series of the count, as it is stored
   * @throws UnusableException if it cannot be added to what is there
   */
  ExponentialBuckets total(Labels counts, long ts, ExponentialBuckets change)
      throws UnusableException {
    var before = inRequest.get(counts);
    if (before != null) {
      if (ts < before.ts()) {
        throw RefusedException.older();
      }
      if (ts == before.ts()) {
        throw new UnusableException("two deltas of one time in one request");
      }
    } else {
      var start = starts.get(counts);
      if (start != null) {
        var end = start.end().timestamp();
        if (ts < end || (ts == end && !start.isRunning())) {
          throw RefusedException.older();
        }
        before = start.total();
        if (before != null && ts == end) {
          var repeated = again(before, change);
          // A second one of that time is refused as it was when this one came first.
          inRequest.put(counts, repeated);
          return repeated.buckets();
        }
      }
    }
    var sum = before == null ? change : before.buckets().plus(change);
    // It would be refused after this, and what comes behind it in the request with it.
    sum.checkRange();
    inRequest.put(counts, new BucketTotals.Total(ts, sum, change.hashCode()));
    return sum;
  }

  /** A repetition, all of whose samples storage counts as duplicates. */
  private static BucketTotals.Total again(BucketTotals.Total before, ExponentialBuckets change)
      throws RefusedException {
    var last = before.last();
    if (last != null && change.hashCode() != last) {
      throw RefusedException.another();
    }
    return before;
  }

  /** Nothing is kept of it: its count is not stored. */
  void refused(Labels counts) {
    inRequest.remove(counts);
  }

  /** The batch is stored. */
  void stored() {
    inRequest.forEach(kept::put);
  }
}
