package dev.watchtower.ingest.golden;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The golden signals of a service at one instant.
 *
 * @param at event time, milliseconds since the epoch
 * @param windowMillis the window of the rates in it
 * @param values by signal, in the catalog's order; null where there is no data
 * @param queries what gave each value
 * @param settling whether so little was heard since a restart that a missing value says nothing
 */
public record SignalSnapshot(
    ServiceKey key,
    long at,
    long windowMillis,
    Map<String, @Nullable Double> values,
    Map<String, String> queries,
    boolean settling) {
  public SignalSnapshot {
    // Map.copyOf refuses null values.
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    queries = Map.copyOf(queries);
  }

  /** Of a service that was heard of for long enough. */
  public SignalSnapshot(
      ServiceKey key,
      long at,
      long windowMillis,
      Map<String, @Nullable Double> values,
      Map<String, String> queries) {
    this(key, at, windowMillis, values, queries, false);
  }
}
