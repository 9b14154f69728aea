package dev.watchtower.ingest.storage;

import java.time.Duration;
import java.util.List;

/**
 * The limits and habits of storage.
 *
 * @param serviceLabels labels that may name the service, the first present wins
 * @param envLabels labels that may name the environment
 * @param maxSeries most series in all
 * @param maxNewSeriesPerMinute most new series in one minute of the clock
 * @param maxLabels most labels of a series as sent
 * @param maxLabelLength most characters of a label's name or value
 * @param outOfOrderWindow how far behind the newest of its series a sample may be
 * @param retention how long samples and their roll-ups are kept
 * @param sealSamples samples in memory that are not sealed, above which all heads are cut
 * @param sealAge the longest time between two cuts while samples come
 * @param memoryWindow how long sealed samples stay in memory for fast reading
 * @param memoryBytes most bytes of sealed samples that stay there, about; with more the window is
 *     shorter
 */
public record StorageSettings(
    List<String> serviceLabels,
    List<String> envLabels,
    int maxSeries,
    int maxNewSeriesPerMinute,
    int maxLabels,
    int maxLabelLength,
    Duration outOfOrderWindow,
    Retention retention,
    long sealSamples,
    Duration sealAge,
    Duration memoryWindow,
    long memoryBytes) {

  /** How far a sample may be ahead of the clock. */
  static final Duration MAX_AHEAD = Duration.ofMinutes(10);

  /** What was cut may wait so long until it is sealed, and what is late may come so late. */
  private static final Duration SEALING = Duration.ofMinutes(90);

  public StorageSettings {
    serviceLabels = List.copyOf(serviceLabels);
    envLabels = List.copyOf(envLabels);
    if (maxSeries < 1 || maxNewSeriesPerMinute < 1 || maxLabels < 1 || maxLabelLength < 1) {
      throw new IllegalArgumentException("limits are 1 or more");
    }
    if (sealSamples < 1) {
      throw new IllegalArgumentException("sealSamples is 1 or more");
    }
  }

  /** An eighth of the heap: a flood has to find room, however long the window is. */
  public static long shareOfHeap() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  /** So long after a time its samples are sealed. */
  Duration settled() {
    return sealAge.plus(SEALING);
  }

  /** The limits that hold until {@link TimeSeriesStore#limits(Limits)} says others. */
  Limits limits() {
    return new Limits(maxSeries, maxNewSeriesPerMinute, maxLabels, maxLabelLength);
  }

  /** The defaults that config/watchtower.yaml documents. */
  public static StorageSettings defaults() {
    return new StorageSettings(
        List.of("service", "service_name", "app", "job"),
        List.of("env", "environment", "deployment_environment", "namespace"),
        1_000_000,
        200_000,
        64,
        2048,
        Duration.ofMinutes(10),
        new Retention(Duration.ofDays(15), Duration.ofDays(90), Duration.ofDays(730), 0),
        8_000_000,
        Duration.ofMinutes(30),
        Duration.ofMinutes(20),
        shareOfHeap());
  }
}
