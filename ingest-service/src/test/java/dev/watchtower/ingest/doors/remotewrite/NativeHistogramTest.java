package dev.watchtower.ingest.doors.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NativeHistogramTest {
  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  @Test
  void countsExactlyWhatIsAtOrBelowEachBoundWhateverTheSchema() throws UnusableException {
    var values = new Random(3).doubles(3000, 0.001, 50).toArray();
    for (var schema : new int[] {1, 2, 3, 8}) {
      var cumulative = read(out -> exponential(out, schema, values)).cumulative("took_seconds");
      assertThat(cumulative).hasSizeGreaterThan(50);
      cumulative.forEach((bound, count) ->
          assertThat(count)
              .as("schema %d, le %s", schema, bound)
              .isEqualTo((double) Arrays.stream(values).filter(v -> v <= bound).count()));
      assertThat(cumulative.get(cumulative.lastKey())).isEqualTo(3000);
    }
  }

  /** As Prometheus writes them: spans of neighbours with gaps between, deltas of counts. */
  private static void exponential(CodedOutputStream out, int schema, double[] values)
      throws IOException {
    var counts = new TreeMap<Integer, Long>();
    for (var value : values) {
      var upper = Math.ceil(Math.log(value) / Math.log(2) * Math.pow(2, schema));
      counts.merge((int) upper, 1L, Long::sum);
    }
    out.writeUInt64(1, values.length);
    out.writeSInt32(4, schema);
    var next = 0;
    var before = 0L;
    for (var bucket : counts.entrySet()) {
      span(out, 11, bucket.getKey() - next, 1);
      next = bucket.getKey() + 1;
    }
    for (var count : counts.values()) {
      out.writeSInt64(12, count - before);
      before = count;
    }
  }

  @Test
  void readsFloatsAndNegativeBuckets() throws UnusableException {
    var cumulative =
        read(
                out -> {
                  out.writeDouble(2, 4.5);
                  out.writeSInt32(4, 0);
                  out.writeDouble(7, 1);
                  span(out, 8, 1, 2);
                  out.writeDouble(10, 0.5);
                  out.writeDouble(10, 1);
                  span(out, 11, 1, 1);
                  out.writeDouble(13, 2);
                })
            .cumulative("took_seconds");

    // Negative: [-2, -1) holds 0.5, [-4, -2) holds 1; one zero; (1, 2] holds 2.
    assertThat(cumulative).containsEntry(-2.0, 1.0).containsEntry(-1.0, 1.5);
    assertThat(cumulative).containsEntry(1.0, 2.5).containsEntry(2.0, 4.5);
  }

  @Test
  void keepsCustomBounds() throws UnusableException {
    var histogram =
        read(out -> {
          out.writeUInt64(1, 6);
          out.writeSInt32(4, -53);
          span(out, 11, 0, 3);
          out.writeSInt64(12, 1);
          out.writeSInt64(12, 1);
          out.writeSInt64(12, 1);
          out.writeDouble(16, 0.1);
          out.writeDouble(16, 5);
        });

    assertThat(histogram.cumulative("took_seconds"))
        .isEqualTo(new TreeMap<>(java.util.Map.of(0.1, 1.0, 5.0, 3.0)));
    assertThat(histogram.count()).isEqualTo(6);
  }

  @Test
  void tellsTheEndOfASeries() {
    assertThat(read(out -> out.writeDouble(3, Samples.STALE)).isStale()).isTrue();
    assertThat(read(out -> out.writeDouble(3, Double.NaN)).isStale()).isFalse();
  }

  @Test
  void refusesWhatContradictsItself() {
    assertThatThrownBy(
            () -> read(out -> span(out, 11, 0, 4_000_000_000L)).cumulative("took_seconds"))
        .isInstanceOf(UnusableException.class);
    assertThatThrownBy(() -> read(out -> out.writeSInt64(12, 3)).cumulative("took_seconds"))
        .isInstanceOf(UnusableException.class);
    assertThatThrownBy(() -> read(out -> out.writeSInt32(4, 99)).cumulative("took_seconds"))
        .isInstanceOf(UnusableException.class);
  }

  @Test
  void refusesCustomBoundsThatDoNotRise() {
    for (var bounds : new double[][] {{2, 1}, {1, 1}, {Double.NaN}, {1, Double.NaN, 2}}) {
      assertThatThrownBy(() ->
              read(
                      out -> {
                        out.writeSInt32(4, -53);
                        for (var bound : bounds) {
                          out.writeDouble(16, bound);
                        }
                      })
                  .cumulative("took"))
          .isInstanceOf(UnusableException.class)
          .hasMessageContaining("do not rise");
    }
  }

  private static void span(CodedOutputStream out, int field, int offset, long length)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    var inner = CodedOutputStream.newInstance(bytes);
    inner.writeSInt32(1, offset);
    inner.writeUInt64(2, length);
    inner.flush();
    out.writeByteArray(field, bytes.toByteArray());
  }

  private static NativeHistogram read(Writing content) {
    try {
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      content.to(out);
      out.flush();
      var framed = new ByteArrayOutputStream();
      var frame = CodedOutputStream.newInstance(framed);
      frame.writeByteArrayNoTag(bytes.toByteArray());
      frame.flush();
      var all = framed.toByteArray();
      return NativeHistogram.read(new ProtoReader(all, 0, all.length), RequestMemory.unlimited());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
