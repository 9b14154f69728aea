package dev.watchtower.ingest.doors.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.Ends;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.series.ServiceIdentity;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.Head;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.RequestRefusedException;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.UnfinishedWriteException;
import dev.watchtower.ingest.storage.WriteResult;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes OTLP metrics. What is stored and logged are the samples made of them, so that replay needs
 * no state of this door. Thread-safe.
 */
public final class OtlpDoor {
  private static final long LOCK_SECONDS = 10;

  /**
   * What became of a request.
   *
   * @param points data points in it
   * @param rejectedPoints of which none was stored, or not wholly
   * @param warning what is wrong with points that were stored; empty for nothing
   */
  public record Result(WriteResult written, long points, long rejectedPoints, String warning) {}

  private final TimeSeriesStore store;
  private final List<String> resourceLabels;

  /** Held from reading the end of a series to storing behind it. */
  private final ReentrantLock deltas = new ReentrantLock();

  /** Under the lock. */
  private final LastDeltas lastDeltas = new LastDeltas();

  /** Under the lock: the last request, if nobody waits for it any more. */
  private @Nullable Unfinished unfinished;

  /** The table only while it is in use: with one that was closed a whole index would stay. */
  private record Unfinished(WeakReference<SeriesTable> table, UnfinishedWriteException write) {}

  /** A door to the store; no attributes of resources become labels beyond the usual ones. */
  public OtlpDoor(TimeSeriesStore store) {
    this(store, List.of());
  }

  /**
   * A door to the store.
   *
   * @param resourceLabels attributes of resources that become labels of each series
   */
  public OtlpDoor(TimeSeriesStore store, List<String> resourceLabels) {
    this.store = store;
    this.resourceLabels = List.copyOf(resourceLabels);
  }

  /**
   * Stores a request.
   *
   * @param body decompressed
   * @param json whether it is OTLP/JSON, else protobuf
   * @param memory what the request may hold beyond the body
   * @throws BadBodyException if it cannot be read
   * @throws StoreUnavailableException if it could not be stored now
   */
  public Result accept(byte[] body, boolean json, RequestMemory memory) {
    var table = store.table();
    var request = parse(body, json, memory);
    if (!hasDeltas(request)) {
      return write(table, request, memory);
    }
    try {
      if (!deltas.tryLock(LOCK_SECONDS, TimeUnit.SECONDS)) {
        throw new RequestRefusedException(
            RequestRefusedException.Reason.BUSY,
            "other requests with delta temporality take too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestRefusedException(
          RequestRefusedException.Reason.BUSY, "interrupted while waiting for other requests", e);
    }
    try {
      return writeDeltas(table, request, memory);
    } finally {
      deltas.unlock();
    }
  }

  /**
   * A request that nobody waits for any more may still move the ends that this one would begin at:
   * its change would be lost, and the total fall.
   */
  private Result writeDeltas(
      SeriesTable table, ExportMetricsServiceRequest request, RequestMemory memory) {
    var before = unfinished;
    // After an opening anew the ends are those of the log, whatever came into it.
    if (before != null && !before.write().isFinished() && before.table().refersTo(store.table())) {
      throw new RequestRefusedException(
          RequestRefusedException.Reason.BUSY,
          "another request with delta temporality is being stored for too long");
    }
    unfinished = null;
    try {
      return write(table, request, memory);
    } catch (UnfinishedWriteException e) {
      unfinished = new Unfinished(new WeakReference<>(table), e);
      throw e;
    }
  }

  private static ExportMetricsServiceRequest parse(
      byte[] body, boolean json, RequestMemory memory) {
    try {
      if (json) {
        return OtlpJson.request(body, memory);
      }
      OtlpSize.count(body, memory);
      return OtlpSize.PARSER.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw BadBodyException.malformed("not an ExportMetricsServiceRequest: " + e.getMessage());
    }
  }

  private static boolean hasDeltas(ExportMetricsServiceRequest request) {
    for (var resource : request.getResourceMetricsList()) {
      for (var scope : resource.getScopeMetricsList()) {
        if (scope.getMetricsList().stream().anyMatch(OtlpDoor::isDelta)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isDelta(Metric metric) {
    var temporality =
        switch (metric.getDataCase()) {
          case SUM -> metric.getSum().getAggregationTemporality();
          case HISTOGRAM -> metric.getHistogram().getAggregationTemporality();
          case EXPONENTIAL_HISTOGRAM ->
              metric.getExponentialHistogram().getAggregationTemporality();
          default -> AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED;
        };
    return temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
  }

  private Result write(
      SeriesTable table, ExportMetricsServiceRequest request, RequestMemory memory) {
    var target = new ToBatch(table, memory, request.getResourceMetricsCount() > 1);
    new OtlpTranslator(target, resourceLabels).translate(request);
    target.ends.find();
    target.sums.end(target.batch);
    var result = store.write(table, target.batch, BodyCodec.REMOTE_WRITE_1, null);
    target.sums.stored();
    store.counters().countFallenTotals(target.fallen.count());
    return new Result(result, target.points, target.batch.refusedParts(), target.fallen.describe());
  }

  /** Collects samples, and what the totals will be once they are stored. */
  private final class ToBatch implements OtlpTranslator.Target {
    private final SampleBatch batch = new SampleBatch();
    private final DeltaSums sums;
    private final SeriesTable table;
    private final RequestMemory memory;
    private final Ends ends;
    private final FallenTotals fallen;
    private int points;

    /** What the resource says of its service and environment stands; lists are for the rest. */
    private ServiceIdentity by;

    /** The series of the last sample. */
    private @Nullable Head last;

    ToBatch(SeriesTable table, RequestMemory memory, boolean severalProcesses) {
      var now = table.now();
      this.sums = new DeltaSums(lastDeltas, now);
      this.fallen = new FallenTotals(severalProcesses, now);
      this.memory = memory;
      this.table = table;
      this.by = table.identity();
      this.ends = new Ends(table, batch, memory);
    }

    @Override
    public void resource(Map<String, String> identity) {
      by =
          table
              .identity()
              .given(identity.containsKey(Labels.SERVICE), identity.containsKey(Labels.ENV));
    }

    @Override
    public void point() {
      batch.part(++points);
    }

    @Override
    public void noPoint() {
      batch.part(0);
    }

    @Override
    public void info(Map<String, String> identity, Map<String, String> attributes, long newest) {
      var room = table.mostLabels() - identity.size() - 1;
      var labels =
          new TreeMap<>(Attributes.merged(identity, Attributes.shortest(attributes, room)));
      labels.put(Labels.METRIC_NAME, "target_info");
      // A point that is ahead would take it away from those that are not.
      cumulative(Labels.of(labels), Math.min(newest, table.now()), 1);
    }

    @Override
    public void cumulative(Labels labels, long ts, double value) {
      var head = head(labels);
      if (head != null) {
        batch.add(head, ts, value);
      }
    }

    @Override
    public void running(Labels labels, long ts, double value, long start) {
      var head = head(labels);
      if (head != null) {
        fallen.look(head, ts, value, start);
        batch.add(head, ts, value);
      }
    }

    @Override
    public void delta(Labels labels, long ts, double change) {
      var head = head(labels);
      if (head != null) {
        sums.add(batch, head, ts, change);
      }
    }

    @Override
    public void ended(Labels labels, String label, long ts) {
      ends.of(labels, by, label, ts);
    }

    @Override
    public void refuse(String why) {
      batch.refuse(Refusal.UNSUPPORTED, 1, why);
    }

    private @Nullable Head head(Labels labels) {
      memory.use(RequestMemory.LABELLED_SAMPLE);
      return switch (table.admit(labels, by)) {
        case SeriesTable.Admission.Admitted admitted -> {
          var head = admitted.head();
          if (head != last) {
            // Neighbours of one series are logged with its labels once, and keep no others.
            memory.use(RequestMemory.beyondUsual(labels));
            last = head;
          }
          yield head;
        }
        case SeriesTable.Admission.Refused refused -> {
          memory.use(RequestMemory.beyondUsual(labels));
          batch.refuse(refused.reason(), 1, refused.message());
          yield null;
        }
      };
    }
  }
}
