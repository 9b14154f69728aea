package dev.watchtower.ingest.storage;

/**
 * What senders may add. Can be changed while the service runs; what is stored already stays.
 *
 * @param series most series in all
 * @param newSeriesPerMinute most new series in one minute of the clock
 * @param labels most labels of a series as sent
 * @param labelLength most characters of a label's name or value
 */
public record Limits(int series, int newSeriesPerMinute, int labels, int labelLength) {
  public Limits {
    if (series < 1 || newSeriesPerMinute < 1 || labels < 1 || labelLength < 1) {
      throw new IllegalArgumentException("limits are 1 or more");
    }
  }
}
