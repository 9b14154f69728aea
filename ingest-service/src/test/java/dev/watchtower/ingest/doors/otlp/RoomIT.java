package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What long labels of a scope count for. */
class RoomIT {
  private static final int POINTS = 5_000;

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final OtlpDoor door = new OtlpDoor(postgres.open());
  private final BodyReader bodies = new BodyReader(() -> 4 << 20, 20 << 20);

  @Test
  void labelsOfNeighboursOfOneSeriesCountOnce() throws IOException {
    for (var i = 0; i < 3; i++) {
      var result = send(gauge(1));

      assertThat(result.rejectedPoints()).isZero();
      assertThat(result.written().stored()).isEqualTo(i == 0 ? POINTS : 0);
    }
  }

  @Test
  void labelsOfSeriesByTurnsCountForEachSample() {
    for (var i = 0; i < 3; i++) {
      assertThatThrownBy(() -> send(gauge(2)))
          .isInstanceOfSatisfying(
              BadBodyException.class,
              e -> assertThat(e.kind()).isEqualTo(BadBodyException.Kind.TOO_LARGE));
    }
  }

  @Test
  void labelsOfSeriesThatEndCountToo() throws IOException {
    for (var from = 0; from < 200; from += 50) {
      assertThat(send(histograms(from, from + 50, false)).rejectedPoints()).isZero();
    }
    assertThat(send(histograms(0, 50, true)).rejectedPoints()).isZero();
    // A hundred bytes each, and all labels of all their buckets in the log.
    assertThatThrownBy(() -> send(histograms(0, 200, true)))
        .isInstanceOfSatisfying(
            BadBodyException.class,
            e -> assertThat(e.kind()).isEqualTo(BadBodyException.Kind.TOO_LARGE));
  }

  /** A histogram of fifteen buckets for each number, or its end. */
  private byte[] histograms(int from, int to, boolean ended) {
    var histogram =
        Histogram.newBuilder()
            .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    for (var i = from; i < to; i++) {
      var point =
          HistogramDataPoint.newBuilder()
              .setTimeUnixNano((postgres.clock.millis() - (ended ? 500 : 1_000)) * 1_000_000)
              .addAttributes(attribute("h", Integer.toString(i)));
      if (ended) {
        point.setFlags(DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE);
      } else {
        point.setCount(15).setSum(1);
        for (var bucket = 0; bucket < 15; bucket++) {
          point.addBucketCounts(1);
          if (bucket < 14) {
            point.addExplicitBounds(bucket + 1);
          }
        }
      }
      histogram.addDataPoints(point);
    }
    return request(Metric.newBuilder().setName("took").setHistogram(histogram));
  }

  private OtlpDoor.Result send(byte[] body) throws IOException {
    return bodies.decoded(
        new ByteArrayInputStream(body),
        body.length,
        null,
        (bytes, memory) -> door.accept(bytes, false, memory));
  }

  /** Points of so many series by turns. */
  private byte[] gauge(int series) {
    var from = postgres.clock.millis() - POINTS;
    var gauge = Gauge.newBuilder();
    for (var i = 0; i < POINTS; i++) {
      gauge.addDataPoints(
          NumberDataPoint.newBuilder()
              .setTimeUnixNano((from + i) * 1_000_000)
              .setAsDouble(i)
              .addAttributes(attribute("turn", Integer.toString(i % series))));
    }
    return request(Metric.newBuilder().setName("level").setGauge(gauge));
  }

  /** Under a scope with long attributes. */
  private static byte[] request(Metric.Builder metric) {
    var scope = InstrumentationScope.newBuilder();
    for (var i = 0; i < 50; i++) {
      scope.addAttributes(attribute("a" + i, "v".repeat(100)));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(ScopeMetrics.newBuilder().setScope(scope).addMetrics(metric)))
        .build()
        .toByteArray();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
