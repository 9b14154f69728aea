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
 */
public record SignalSnapshot(
    ServiceKey key,
    long at,
    long windowMillis,
    Map<String, @Nullable Double> values,
    Map<String, String> queries) {
  public SignalSnapshot {
    // Map.copyOf refuses null values.
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    queries = Map.copyOf(queries);
  }
}
