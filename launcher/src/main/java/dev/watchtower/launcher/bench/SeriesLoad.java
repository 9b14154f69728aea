package dev.watchtower.launcher.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The samples that one connection sends: all its series once a round, rounds {@link #INTERVAL}
 * apart, cut into requests of a fixed number of samples. A third of the series are counters, a
 * third gauges with two digits after the point, a third hardly ever change. Deterministic. Not
 * thread-safe.
 */
public final class SeriesLoad {
  /** Milliseconds between two samples of a series, unless told otherwise. */
  public static final long INTERVAL = 15_000;

  /** The metrics of each service, as a service with Micrometer has them. */
  private static final String[] METRICS = {
    "http_server_requests_seconds_count",
    "jvm_memory_used_bytes",
    "jvm_threads_live_threads",
    "http_server_requests_seconds_sum",
    "process_cpu_usage",
    "hikaricp_connections_active",
    "http_server_requests_seconds_bucket",
    "system_load_average_1m",
    "jvm_buffer_count_buffers",
  };

  private static final int SERIES_A_SERVICE = 90;
  private static final int VARINT_BITS = 7;

  private final byte[][] entries;
  private final double[] values;
  private final long firstMillis;
  private final long interval;
  private final SplittableRandom random;
  private long next;

  /**
   * The series of one connection.
   *
   * @param connection counted from 0
   * @param series how many series it has
   * @param firstMillis time of the first round
   */
  public SeriesLoad(int connection, int series, long firstMillis) {
    this(connection, series, firstMillis, INTERVAL);
  }

  /**
   * The same with rounds that are {@code interval} milliseconds apart.
   *
   * @param interval 2 or more
   */
  public SeriesLoad(int connection, int series, long firstMillis, long interval) {
    this.interval = interval;
    this.entries = new byte[series][];
    this.values = new double[series];
    this.firstMillis = firstMillis;
    this.random = new SplittableRandom(connection);
    for (int i = 0; i < series; i++) {
      entries[i] = entry(connection, i);
      values[i] = 1000;
    }
  }

  /** The label that names the connection, so that its series can be counted. */
  public static final String CONNECTION = "zone";

  private byte[] entry(int connection, int i) {
    int service = i / SERIES_A_SERVICE;
    int inService = i % SERIES_A_SERVICE;
    var labels = new ByteArrayOutputStream();
    label(labels, "__name__", METRICS[inService % METRICS.length]);
    label(labels, "env", "bench");
    label(labels, "instance", "10.%d.%d.7:8080".formatted(connection, service));
    label(labels, "job", "kubernetes-pods");
    label(labels, "service", "service-%d-%d".formatted(connection, service));
    label(labels, "uri", "/api/v1/resource/%02d".formatted(inService / METRICS.length));
    label(labels, CONNECTION, "zone-" + connection);
    // Sample: value (fixed64) and time (a varint of six bytes in this century), filled in later.
    labels.writeBytes(new byte[] {(2 << 3) | 2, 16, (1 << 3) | 1});
    labels.writeBytes(new byte[8]);
    labels.write(2 << 3);
    labels.writeBytes(new byte[6]);
    var entry = new ByteArrayOutputStream();
    entry.write((1 << 3) | 2);
    varint(entry, labels.size());
    entry.writeBytes(labels.toByteArray());
    return entry.toByteArray();
  }

  private static void label(ByteArrayOutputStream out, String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    out.write((1 << 3) | 2);
    varint(out, 4 + nameBytes.length + valueBytes.length);
    out.write((1 << 3) | 2);
    varint(out, nameBytes.length);
    out.writeBytes(nameBytes);
    out.write((2 << 3) | 2);
    varint(out, valueBytes.length);
    out.writeBytes(valueBytes);
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    for (; rest >= 1 << VARINT_BITS; rest >>>= VARINT_BITS) {
      out.write((rest & 0x7f) | 0x80);
    }
    out.write(rest);
  }

  /** The names of the metrics; a query for one of them names each of its series once. */
  public static List<String> metrics() {
    return List.of(METRICS);
  }

  /**
   * Which series of its connection it is, counted from 0.
   *
   * @param labels the others; {@code service} and {@code uri} are looked at
   */
  public static int number(String metric, Map<String, String> labels) {
    int service = lastNumber(labels.getOrDefault("service", ""), '-');
    int uri = lastNumber(labels.getOrDefault("uri", ""), '/');
    return service * SERIES_A_SERVICE + uri * METRICS.length + metrics().indexOf(metric);
  }

  private static int lastNumber(String text, char before) {
    return Integer.parseInt(text.substring(text.lastIndexOf(before) + 1));
  }

  /** Time of the first round. */
  public long firstMillis() {
    return firstMillis;
  }

  /** The next request of {@code samples} samples, as a remote-write 1.0 message. */
  public byte[] body(int samples) {
    int length = 0;
    for (long i = next; i < next + samples; i++) {
      length += entries[(int) (i % entries.length)].length;
    }
    var body = new byte[length];
    int at = 0;
    for (int i = 0; i < samples; i++, next++) {
      int series = (int) (next % entries.length);
      var entry = entries[series];
      System.arraycopy(entry, 0, body, at, entry.length);
      at += entry.length;
      fill(body, at - 15, Double.doubleToRawLongBits(value(series)), millis(series));
    }
    return body;
  }

  private static void fill(byte[] body, int at, long bits, long millis) {
    for (int i = 0; i < 8; i++) {
      body[at + i] = (byte) (bits >>> (8 * i));
    }
    long rest = millis;
    for (int i = 0; i < 6; i++, rest >>>= VARINT_BITS) {
      body[at + 9 + i] = (byte) ((rest & 0x7f) | (i < 5 ? 0x80 : 0));
    }
  }

  private double value(int series) {
    switch (series % 3) {
      case 0 -> values[series] += random.nextInt(20);
      case 1 ->
          values[series] = Math.round(values[series] * 100 + random.nextInt(200) - 100) / 100.0;
      default -> {
        if (random.nextInt(50) == 0) {
          values[series] = random.nextInt(100);
        }
      }
    }
    return values[series];
  }

  /** Each service is read at a moment of its own within the interval, as scrapers do. */
  private long millis(int series) {
    return firstMillis
        + (next / entries.length) * interval
        + (series / SERIES_A_SERVICE) * 997L % (interval - 1);
  }
}
