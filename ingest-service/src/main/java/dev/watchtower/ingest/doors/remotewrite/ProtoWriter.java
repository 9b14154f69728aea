package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.SampleBatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes {@code prometheus.WriteRequest} (remote write 1.0), not compressed. */
final class ProtoWriter {
  private static final int TIME_SERIES = 1 << 3 | ProtoReader.BYTES;
  private static final int SAMPLE = 2 << 3 | ProtoReader.BYTES;
  private static final int SAMPLE_VALUE = 1 << 3 | ProtoReader.FIXED64;
  private static final int SAMPLE_TIME = 2 << 3 | ProtoReader.VARINT;

  private ProtoWriter() {}

  /** All samples of the batch; neighbours of one series share a TimeSeries. */
  static byte[] write(SampleBatch batch) {
    var out = new ByteArrayOutputStream(batch.size() * 64);
    var series = new ByteArrayOutputStream(512);
    for (var i = 0; i < batch.size(); ) {
      var head = batch.head(i);
      series.reset();
      labels(series, head.series().labels());
      for (; i < batch.size() && batch.head(i) == head; i++) {
        sample(series, batch.timestamp(i), batch.value(i));
      }
      field(out, TIME_SERIES, series.toByteArray());
    }
    return out.toByteArray();
  }

  private static void labels(ByteArrayOutputStream out, Labels labels) {
    var label = new ByteArrayOutputStream(64);
    for (var i = 0; i < labels.size(); i++) {
      label.reset();
      field(label, LabelBytes.NAME, labels.name(i).getBytes(StandardCharsets.UTF_8));
      field(label, LabelBytes.VALUE, labels.value(i).getBytes(StandardCharsets.UTF_8));
      field(out, LabelBytes.LABEL, label.toByteArray());
    }
  }

  private static void sample(ByteArrayOutputStream out, long ts, double value) {
    out.write(SAMPLE);
    varint(out, 1 + 8 + 1 + varintSize(ts));
    out.write(SAMPLE_VALUE);
    var bits = Double.doubleToRawLongBits(value);
    for (var shift = 0; shift < 64; shift += 8) {
      out.write((int) (bits >>> shift));
    }
    out.write(SAMPLE_TIME);
    varint(out, ts);
  }

  private static void field(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag);
    varint(out, content.length);
    out.write(content, 0, content.length);
  }

  static void varint(ByteArrayOutputStream out, long value) {
    var left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  static int varintSize(long value) {
    return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
  }
}
