package dev.watchtower.ingest.doors.remotewrite;

import com.google.protobuf.CodedOutputStream;
import dev.watchtower.ingest.series.Samples;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Remote-write requests made with protobuf's own writer, so that our decoder meets another's. */
public final class WriteRequests {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /** Adds a series of version 1.0 with samples given as time, value, time, value …. */
  public WriteRequests series(Map<String, String> labels, Number... samples) {
    try {
      var inner = new ByteArrayOutputStream();
      var series = CodedOutputStream.newInstance(inner);
      for (var label : new TreeMap<>(labels).entrySet()) {
        series.writeByteArray(1, pair(label.getKey(), label.getValue()));
      }
      for (var i = 0; i < samples.length; i += 2) {
        series.writeByteArray(2, sample(samples[i].longValue(), samples[i + 1].doubleValue()));
      }
      series.flush();
      out.writeByteArray(1, inner.toByteArray());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A native histogram of schema 0 with three values: one zero, one in (0.5, 1] and one in (1, 2].
   */
  public static byte[] nativeHistogram(long ts) {
    try {
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      out.writeUInt64(1, 3);
      out.writeDouble(3, 2.5);
      out.writeSInt32(4, 0);
      out.writeDouble(5, 1e-128);
      out.writeUInt64(6, 1);
      out.writeByteArray(11, new byte[] {8, 0, 16, 2});
      // Packed deltas 1, 0.
      out.writeByteArray(12, new byte[] {2, 0});
      out.writeInt64(15, ts);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A native histogram that says only that its series has ended. */
  public static byte[] endedHistogram(long ts) {
    try {
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      out.writeDouble(3, Samples.STALE);
      out.writeInt64(15, ts);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a native histogram of version 1.0. */
  public WriteRequests histogram(Map<String, String> labels, byte[] histogram) {
    try {
      var inner = new ByteArrayOutputStream();
      var series = CodedOutputStream.newInstance(inner);
      for (var label : new TreeMap<>(labels).entrySet()) {
        series.writeByteArray(1, pair(label.getKey(), label.getValue()));
      }
      series.writeByteArray(4, histogram);
      series.flush();
      out.writeByteArray(1, inner.toByteArray());
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request, not compressed. */
  public byte[] raw() {
    try {
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request as it is sent. */
  public byte[] body() {
    return compress(raw());
  }

  /** Snappy's block format. */
  public static byte[] compress(byte[] raw) {
    var compressor = new SnappyJavaCompressor();
    var target = new byte[compressor.maxCompressedLength(raw.length)];
    return Arrays.copyOf(target, compressor.compress(raw, 0, raw.length, target, 0, target.length));
  }

  /** A request of version 2.0 with one sample a series, not compressed. */
  public static byte[] version2(List<Map<String, String>> series, long ts, double value) {
    try {
      return version2(series, 2, sample(ts, value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request of version 2.0 as it should not be, not compressed. */
  public static byte[] byHand2(List<String> symbols, byte[]... series) {
    try {
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      for (var symbol : symbols) {
        out.writeString(4, symbol);
      }
      for (var one : series) {
        out.writeByteArray(5, one);
      }
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A series for {@link #byHand2} with one sample, and a native histogram unless it is null. */
  public static byte[] series2(long ts, byte[] histogram, long... refs) {
    try {
      return series2(sample(ts, 1), histogram, refs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A series for {@link #byHand2} with one native histogram. */
  public static byte[] histogram2(byte[] histogram, long... refs) {
    try {
      return series2(null, histogram, refs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] series2(byte[] sample, byte[] histogram, long[] refs) throws IOException {
    var packed = new ByteArrayOutputStream();
    var numbers = CodedOutputStream.newInstance(packed);
    for (var ref : refs) {
      numbers.writeUInt64NoTag(ref);
    }
    numbers.flush();
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(1, packed.toByteArray());
    if (sample != null) {
      out.writeByteArray(2, sample);
    }
    if (histogram != null) {
      out.writeByteArray(3, histogram);
    }
    out.flush();
    return bytes.toByteArray();
  }

  /** A request of version 2.0 with one native histogram a series, not compressed. */
  public static byte[] histograms2(List<Map<String, String>> series, byte[] histogram) {
    return version2(series, 3, histogram);
  }

  private static byte[] version2(List<Map<String, String>> series, int field, byte[] content) {
    try {
      var symbols = new ArrayList<String>(List.of(""));
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      var seriesBytes = new ArrayList<byte[]>();
      for (var labels : series) {
        var refs = new ByteArrayOutputStream();
        var packed = CodedOutputStream.newInstance(refs);
        for (var label : new TreeMap<>(labels).entrySet()) {
          for (var text : List.of(label.getKey(), label.getValue())) {
            if (!symbols.contains(text)) {
              symbols.add(text);
            }
            packed.writeUInt32NoTag(symbols.indexOf(text));
          }
        }
        packed.flush();
        var inner = new ByteArrayOutputStream();
        var one = CodedOutputStream.newInstance(inner);
        one.writeByteArray(1, refs.toByteArray());
        one.writeByteArray(field, content);
        one.writeByteArray(5, new byte[] {8, 1});
        one.flush();
        seriesBytes.add(inner.toByteArray());
      }
      for (var symbol : symbols) {
        out.writeString(4, symbol);
      }
      for (var one : seriesBytes) {
        out.writeByteArray(5, one);
      }
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] pair(String name, String value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    out.writeString(1, name);
    out.writeString(2, value);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] sample(long ts, double value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    out.writeDouble(1, value);
    out.writeInt64(2, ts);
    out.flush();
    return bytes.toByteArray();
  }
}
