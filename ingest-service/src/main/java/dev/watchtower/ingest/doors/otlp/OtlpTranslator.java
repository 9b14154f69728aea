package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import dev.watchtower.ingest.doors.Numbers;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Walks a request and gives each value to a {@link Target} as Prometheus would have it: histograms
 * and summaries become their {@code _bucket}, {@code _sum} and {@code _count}. One object
 * translates one request.
 */
final class OtlpTranslator {
  private static final int NO_VALUE = DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE;
  private static final long NANOS_A_MILLI = 1_000_000;

  /** Takes what the translator finds. */
  interface Target {
    /**
     * A resource begins; what follows belongs to it.
     *
     * @param identity labels that each of its series has
     */
    void resource(Map<String, String> identity);

    /** A data point begins; what follows belongs to it. */
    void point();

    /** What follows belongs to no data point. */
    void noPoint();

    /**
     * What is known of the resource, for {@code target_info}.
     *
     * @param identity labels that each of its series has
     * @param attributes the other ones
     * @param newest time of its points
     */
    void info(Map<String, String> identity, Map<String, String> attributes, long newest);

    /** A value that stands as it is. */
    void cumulative(Labels labels, long ts, double value);

    /**
     * A running total, which stands as it is too.
     *
     * @param start since when it runs, milliseconds since the epoch; 0 where that is not said
     */
    void running(Labels labels, long ts, double value, long start);

    /** A change since the last one. */
    void delta(Labels labels, long ts, double change);

    /** The series that have these labels and one more, whatever its value, have ended. */
    void ended(Labels labels, String label, long ts);

    /** The data point cannot be used. */
    void refuse(String why);
  }

  private final Target target;
  private final List<String> resourceLabels;

  /** What every series of the resource and scope has. */
  private Map<String, String> identity = Map.of();

  private long newest;

  /** Whether the metric's temporality is known: else its values could mean either. */
  private boolean isTimed = true;

  /** Whose histograms may be of what is under way: their counts fall, their buckets are none. */
  private boolean fromMicrometer;

  OtlpTranslator(Target target, List<String> resourceLabels) {
    this.target = target;
    this.resourceLabels = resourceLabels;
  }

  void translate(ExportMetricsServiceRequest request) {
    for (var resource : request.getResourceMetricsList()) {
      resource(resource);
    }
  }

  private void resource(ResourceMetrics resource) {
    var own = Attributes.identity(resource.getResource(), resourceLabels);
    target.resource(own);
    newest = Long.MIN_VALUE;
    fromMicrometer = isMicrometer(resource.getResource());
    for (var scope : resource.getScopeMetricsList()) {
      identity = new TreeMap<>(own);
      identity.putAll(Attributes.scope(scope.getScope(), scope.getSchemaUrl()));
      scope.getMetricsList().forEach(this::metric);
    }
    var info = Attributes.info(resource.getResource());
    if (newest != Long.MIN_VALUE && !info.isEmpty() && own.containsKey("job")) {
      target.noPoint();
      target.info(own, info, newest);
    }
  }

  /** It sends what is under way, a {@code LongTaskTimer}, as cumulative histograms too. */
  private static boolean isMicrometer(Resource resource) {
    return resource.getAttributesList().stream()
        .anyMatch(attribute ->
            attribute.getKey().equals("telemetry.sdk.name")
                && attribute.getValue().getStringValue().equals("io.micrometer"));
  }

  private void metric(Metric metric) {
    isTimed = hasTemporality(metric);
    switch (metric.getDataCase()) {
      case GAUGE -> {
        var name = OtlpNames.metric(metric.getName(), metric.getUnit(), OtlpNames.Kind.GAUGE);
        metric.getGauge().getDataPointsList().forEach(p -> number(name, p, false, false));
      }
      case SUM -> {
        var sum = metric.getSum();
        var kind = sum.getIsMonotonic() ? OtlpNames.Kind.COUNTER : OtlpNames.Kind.OTHER;
        var name = OtlpNames.metric(metric.getName(), metric.getUnit(), kind);
        var delta = isDelta(sum.getAggregationTemporality());
        sum.getDataPointsList().forEach(p -> number(name, p, delta, sum.getIsMonotonic()));
      }
      case HISTOGRAM -> {
        var histogram = metric.getHistogram();
        var name = plain(metric);
        var delta = isDelta(histogram.getAggregationTemporality());
        histogram.getDataPointsList().forEach(p -> histogram(name, p, delta));
      }
      case EXPONENTIAL_HISTOGRAM -> {
        var histogram = metric.getExponentialHistogram();
        var name = plain(metric);
        var delta = isDelta(histogram.getAggregationTemporality());
        histogram.getDataPointsList().forEach(p -> exponential(name, p, delta));
      }
      case SUMMARY -> {
        var name = plain(metric);
        metric.getSummary().getDataPointsList().forEach(p -> summary(name, p));
      }
      default -> {
        target.noPoint();
        target.refuse("metric '" + metric.getName() + "' has no data of a known kind");
      }
    }
  }

  private static String plain(Metric metric) {
    return OtlpNames.metric(metric.getName(), metric.getUnit(), OtlpNames.Kind.OTHER);
  }

  private static boolean isDelta(AggregationTemporality temporality) {
    return temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
  }

  /** Whether it says, where it has to, what its values add up from. */
  private static boolean hasTemporality(Metric metric) {
    return switch (metric.getDataCase()) {
      case SUM -> isKnown(metric.getSum().getAggregationTemporality());
      case HISTOGRAM -> isKnown(metric.getHistogram().getAggregationTemporality());
      case EXPONENTIAL_HISTOGRAM ->
          isKnown(metric.getExponentialHistogram().getAggregationTemporality());
      default -> true;
    };
  }

  private static boolean isKnown(AggregationTemporality temporality) {
    return isDelta(temporality)
        || temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
  }

  /** Begins a point; false if it cannot be used. */
  private boolean begin(String name, long nanos) {
    target.point();
    if (name.isEmpty()) {
      target.refuse("a metric without a usable name");
      return false;
    }
    if (!isTimed) {
      target.refuse(name + ": its aggregationTemporality is neither delta nor cumulative");
      return false;
    }
    if (nanos == 0) {
      target.refuse("a data point of " + name + " without a time");
      return false;
    }
    newest = Math.max(newest, millis(nanos));
    return true;
  }

  private static long millis(long nanos) {
    return Long.divideUnsigned(nanos, NANOS_A_MILLI);
  }

  private void number(String name, NumberDataPoint point, boolean delta, boolean isTotal) {
    if (!begin(name, point.getTimeUnixNano())) {
      return;
    }
    var labels = labels(name, Attributes.labels(point.getAttributesList()));
    if (stale(point.getFlags(), List.of(labels), point.getTimeUnixNano())) {
      return;
    }
    if (point.getValueCase() == NumberDataPoint.ValueCase.VALUE_NOT_SET) {
      target.refuse("a data point of " + name + " without a value");
      return;
    }
    var value = point.hasAsInt() ? (double) point.getAsInt() : point.getAsDouble();
    var ts = millis(point.getTimeUnixNano());
    if (isTotal) {
      total(labels, ts, value, millis(point.getStartTimeUnixNano()), delta);
    } else {
      value(labels, ts, value, delta);
    }
  }

  private void total(Labels labels, long ts, double value, long start, boolean delta) {
    if (delta) {
      target.delta(labels, ts, value);
    } else {
      target.running(labels, ts, value, start);
    }
  }

  private void value(Labels labels, long ts, double value, boolean delta) {
    if (delta) {
      target.delta(labels, ts, value);
    } else {
      target.cumulative(labels, ts, value);
    }
  }

  private boolean stale(int flags, List<Labels> series, long nanos) {
    if ((flags & NO_VALUE) == 0) {
      return false;
    }
    series.forEach(labels -> target.cumulative(labels, millis(nanos), Samples.STALE));
    return true;
  }

  private void histogram(String name, HistogramDataPoint point, boolean delta) {
    if (!begin(name, point.getTimeUnixNano())) {
      return;
    }
    var attributes = Attributes.labels(point.getAttributesList());
    if (ended(
        name, name + "_bucket", "le", attributes, point.getFlags(), point.getTimeUnixNano())) {
      return;
    }
    var bounds = point.getExplicitBoundsCount();
    var counts = point.getBucketCountsCount();
    // As many counts as bounds come from Micrometer's LongTaskTimer. They are added up over bounds
    // and over steps, so they are no buckets; its sum and count are what they should be.
    boolean noBuckets = counts == 0 || (fromMicrometer && counts == bounds);
    if (!noBuckets && counts != bounds + 1) {
      target.refuse(
          name
              + ": "
              + bounds
              + " bounds and "
              + counts
              + " bucket counts; there has to be one count more than bounds");
      return;
    }
    if (!noBuckets && !rise(point)) {
      target.refuse(name + ": bounds that do not rise");
      return;
    }
    var ts = millis(point.getTimeUnixNano());
    var count = 0.0;
    for (var i = 0; i < bounds && !noBuckets; i++) {
      count += Numbers.unsigned(point.getBucketCounts(i));
      value(bucket(name, attributes, point.getExplicitBounds(i)), ts, count, delta);
    }
    var all = Numbers.unsigned(point.getCount());
    value(bucket(name, attributes, Double.POSITIVE_INFINITY), ts, all, delta);
    var start = millis(point.getStartTimeUnixNano());
    sumAndCount(name, attributes, ts, start, point.hasSum(), point.getSum(), all, delta);
  }

  private static boolean rise(HistogramDataPoint point) {
    for (var i = 0; i < point.getExplicitBoundsCount(); i++) {
      var below = i == 0 ? Double.NEGATIVE_INFINITY : point.getExplicitBounds(i - 1);
      if (!(point.getExplicitBounds(i) > below)) {
        return false;
      }
    }
    return true;
  }

  private void exponential(String name, ExponentialHistogramDataPoint point, boolean delta) {
    if (!begin(name, point.getTimeUnixNano())) {
      return;
    }
    var attributes = Attributes.labels(point.getAttributesList());
    if (ended(
        name, name + "_bucket", "le", attributes, point.getFlags(), point.getTimeUnixNano())) {
      return;
    }
    var ts = millis(point.getTimeUnixNano());
    try {
      OtlpBuckets.of(name, point)
          .forEach((bound, count) -> value(bucket(name, attributes, bound), ts, count, delta));
    } catch (UnusableException e) {
      target.refuse(name + ": " + e.getMessage());
      return;
    }
    var all = Numbers.unsigned(point.getCount());
    value(bucket(name, attributes, Double.POSITIVE_INFINITY), ts, all, delta);
    var start = millis(point.getStartTimeUnixNano());
    sumAndCount(name, attributes, ts, start, point.hasSum(), point.getSum(), all, delta);
  }

  private void summary(String name, SummaryDataPoint point) {
    if (!begin(name, point.getTimeUnixNano())) {
      return;
    }
    var attributes = Attributes.labels(point.getAttributesList());
    if (ended(name, name, "quantile", attributes, point.getFlags(), point.getTimeUnixNano())) {
      return;
    }
    var ts = millis(point.getTimeUnixNano());
    for (var quantile : point.getQuantileValuesList()) {
      var labels = new TreeMap<>(attributes);
      labels.put("quantile", Numbers.text(quantile.getQuantile()));
      target.cumulative(labels(name, labels), ts, quantile.getValue());
    }
    var start = millis(point.getStartTimeUnixNano());
    var all = Numbers.unsigned(point.getCount());
    sumAndCount(name, attributes, ts, start, true, point.getSum(), all, false);
  }

  /**
   * A point that says only that the series has ended; its bounds or quantiles are often left out.
   *
   * @param parts the name of the series that differ in one label
   * @param label that label
   */
  private boolean ended(
      String name,
      String parts,
      String label,
      Map<String, String> attributes,
      int flags,
      long nanos) {
    var ended =
        stale(
            flags,
            List.of(labels(name + "_sum", attributes), labels(name + "_count", attributes)),
            nanos);
    if (ended) {
      target.ended(labels(parts, attributes), label, millis(nanos));
    }
    return ended;
  }

  private void sumAndCount(
      String name,
      Map<String, String> attributes,
      long ts,
      long start,
      boolean hasSum,
      double sum,
      double count,
      boolean delta) {
    if (hasSum) {
      value(labels(name + "_sum", attributes), ts, sum, delta);
    }
    total(labels(name + "_count", attributes), ts, count, fromMicrometer ? 0 : start, delta);
  }

  private Labels bucket(String name, Map<String, String> attributes, double bound) {
    var labels = new TreeMap<>(attributes);
    labels.put("le", Numbers.text(bound));
    return labels(name + "_bucket", labels);
  }

  private Labels labels(String name, Map<String, String> attributes) {
    var labels = new TreeMap<>(Attributes.merged(identity, attributes));
    labels.put(Labels.METRIC_NAME, name);
    return Labels.of(labels);
  }
}
