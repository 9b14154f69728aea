package dev.watchtower.ingest.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import dev.watchtower.ingest.doors.otlp.OtlpDoor;
import dev.watchtower.ingest.doors.remotewrite.RemoteWriteDoor;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Quantiles over exponential histograms of several series, against those of the values. */
class ExponentialHistogramsIT {
  private enum Sender {
    CUMULATIVE,
    DELTA,
    NATIVE
  }

  private static final Duration STEP = Duration.ofSeconds(10);

  /** A bound and the next one, and a little for where a quantile lies between two values. */
  private static final double A_BUCKET = Math.sqrt(2) * 1.02;

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final Random random = new Random(5);
  private final Map<String, List<Double>> recorded = new TreeMap<>();
  private TimeSeriesStore store = postgres.open();
  private OtlpDoor otlp = new OtlpDoor(store);

  @ParameterizedTest
  @CsvSource({
    "CUMULATIVE, 10",
    "DELTA, 10",
    "NATIVE, 10",
    "CUMULATIVE, 1000",
    "DELTA, 1000",
    "NATIVE, 1000"
  })
  void areRightOverRoutesAndInstancesFarApart(Sender sender, double times) {
    var window = new ArrayList<Double>();
    for (var step = 0; step <= 12; step++) {
      if (step == 9) {
        restart();
      }
      for (var instance : List.of("a", "b")) {
        var fast = around(0.002, 60);
        var slow = around(0.002 * times, 40);
        // Scales as different as SDKs have them, which fall as more values come.
        send(sender, "/fast," + instance, step < 6 ? 12 : 3, fast);
        send(sender, "/slow," + instance, step < 9 ? 7 : 1, slow);
        if (step > 7) {
          window.addAll(fast);
          window.addAll(slow);
        }
      }
      postgres.clock.advance(STEP);
    }

    for (var q : new double[] {0.1, 0.5, 0.75, 0.9, 0.95, 0.99}) {
      assertThat(quantile(q, "1m") / exact(q, window)).isBetween(1 / A_BUCKET, A_BUCKET);
    }
    assertThat(bounds())
        .hasSize(4)
        .allSatisfy(
            (series, les) -> assertThat(les).isEqualTo(bounds().values().iterator().next()));
  }

  @ParameterizedTest
  @EnumSource
  void showASuddenSlownessWithItsFirstExport(Sender sender) {
    for (var step = 0; step < 9; step++) {
      send(sender, "/all,a", 10, around(0.001, 100));
      postgres.clock.advance(STEP);
    }
    assertThat(quantile(0.95, "1m")).isBetween(0.001, 0.003);

    send(sender, "/all,a", 4, around(3, 100));
    postgres.clock.advance(Duration.ofMillis(1));

    assertThat(quantile(0.95, "1m")).isBetween(2.0, 4.1);
    assertThat(quantile(0.5, "1m")).isBetween(0.001, 0.003);
  }

  @ParameterizedTest
  @EnumSource
  void keepZerosBesideOtherValues(Sender sender) {
    for (var step = 0; step < 7; step++) {
      var values = new ArrayList<>(Collections.nCopies(90, 0.0));
      values.addAll(Collections.nCopies(10, step < 2 ? 0.0 : 1000.0));
      send(sender, "/all,a", 4, values);
      postgres.clock.advance(STEP);
    }

    assertThat(quantile(0.5, "1m")).isZero();
    assertThat(quantile(0.89, "1m")).isZero();
    assertThat(quantile(0.95, "1m")).isBetween(700.0, 1100.0);
  }

  private void restart() {
    store = postgres.open();
    otlp = new OtlpDoor(store);
  }

  /** Within a fifth up and down. */
  private List<Double> around(double value, int count) {
    return DoubleStream.generate(() -> value * (0.8 + 0.4 * random.nextDouble()))
        .limit(count)
        .boxed()
        .toList();
  }

  private static double exact(double q, List<Double> values) {
    var sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.ceil(q * sorted.size()) - 1);
  }

  private double quantile(double q, String window) {
    var query =
        "histogram_quantile(%s, sum by (le) (rate(took_seconds_bucket[%s])))".formatted(q, window);
    var engine = new QueryEngine(store.reader(), QueryLimits.DEFAULT, System::nanoTime);
    var value = engine.instant(Parser.parse(query), postgres.clock.millis() - 1);
    return ((Value.Vector) value).samples().getFirst().value();
  }

  /** By series without it, the values of {@code le}. */
  private Map<String, List<String>> bounds() {
    var found = new TreeMap<String, List<String>>();
    var soon = postgres.clock.instant().plusSeconds(1);
    for (var series :
        store
            .reader()
            .select(
                List.of(Matcher.eq(Labels.METRIC_NAME, "took_seconds_bucket")),
                Instant.EPOCH,
                soon,
                1000)) {
      found
          .computeIfAbsent(
              series.labels().without(List.of("le")).toString(), key -> new ArrayList<>())
          .add(series.labels().getOrEmpty("le"));
    }
    found.values().forEach(les -> les.sort(null));
    return found;
  }

  private void send(Sender sender, String series, int scale, List<Double> values) {
    var all = recorded.computeIfAbsent(series, key -> new ArrayList<>());
    all.addAll(values);
    var labels = Map.of("route", series.split(",")[0], "pod", series.split(",")[1]);
    var refused =
        switch (sender) {
          case CUMULATIVE -> otlp(labels, point(scale, all), false);
          case DELTA -> otlp(labels, point(scale, values), true);
          case NATIVE -> nativeHistogram(labels, Math.min(8, scale), all);
        };
    assertThat(refused).isEmpty();
  }

  private static TreeMap<Integer, Long> counts(int scale, List<Double> values) {
    var counts = new TreeMap<Integer, Long>();
    values.stream()
        .filter(value -> value > 0)
        .forEach(value ->
            counts.merge(
                (int) Math.ceil(Math.log(value) / Math.log(2) * Math.pow(2, scale)) - 1,
                1L,
                Long::sum));
    return counts;
  }

  private static long zeros(List<Double> values) {
    return values.stream().filter(value -> value == 0).count();
  }

  private ExponentialHistogramDataPoint point(int scale, List<Double> values) {
    var point =
        ExponentialHistogramDataPoint.newBuilder()
            .setTimeUnixNano(postgres.clock.millis() * 1_000_000)
            .setScale(scale)
            .setCount(values.size())
            .setZeroCount(zeros(values));
    var counts = counts(scale, values);
    if (!counts.isEmpty()) {
      point.getPositiveBuilder().setOffset(counts.firstKey());
      for (var i = counts.firstKey(); i <= counts.lastKey(); i++) {
        point.getPositiveBuilder().addBucketCounts(counts.getOrDefault(i, 0L));
      }
    }
    return point.build();
  }

  private String otlp(
      Map<String, String> labels, ExponentialHistogramDataPoint point, boolean delta) {
    var labelled = point.toBuilder();
    labels.forEach((name, value) ->
        labelled.addAttributes(
            KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))));
    var histogram =
        ExponentialHistogram.newBuilder()
            .setAggregationTemporality(
                delta
                    ? AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
                    : AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
            .addDataPoints(labelled);
    var metric =
        Metric.newBuilder().setName("took").setUnit("s").setExponentialHistogram(histogram);
    var body =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
            .build()
            .toByteArray();
    return otlp.accept(body, false, RequestMemory.unlimited()).written().refusals().describe();
  }

  private String nativeHistogram(Map<String, String> labels, int schema, List<Double> values) {
    var named = new TreeMap<>(labels);
    named.put("__name__", "took_seconds");
    var raw = WriteRequests.histograms2(List.of(named), bytes(schema, values));
    return new RemoteWriteDoor(store, () -> 1 << 20)
        .accept(RemoteWriteDoor.Version.V2, WriteRequests.compress(raw), RequestMemory.unlimited())
        .result()
        .refusals()
        .describe();
  }

  private byte[] bytes(int schema, List<Double> values) {
    try {
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      out.writeUInt64(1, values.size());
      out.writeSInt32(4, schema);
      out.writeUInt64(6, zeros(values));
      var next = 0;
      var before = 0L;
      for (var bucket : counts(schema, values).entrySet()) {
        // Numbered by the upper bound, each in a span of its own.
        var span = new ByteArrayOutputStream();
        var inner = CodedOutputStream.newInstance(span);
        inner.writeSInt32(1, bucket.getKey() + 1 - next);
        inner.writeUInt32(2, 1);
        inner.flush();
        out.writeByteArray(11, span.toByteArray());
        out.writeSInt64(12, bucket.getValue() - before);
        next = bucket.getKey() + 2;
        before = bucket.getValue();
      }
      out.writeInt64(15, postgres.clock.millis());
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
