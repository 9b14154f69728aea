package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The label sets of a vector, in their order. At one instant after the other mostly the same ones
 * come in the same order, as the same objects: what was found out about each is then known without
 * looking it up by its labels. For one thread.
 */
final class LabelRow {
  private Labels[] row = {};
  private int[] places = {};

  /**
   * Where in this row the label set of each sample stands, in rising order.
   *
   * @return valid until the next call, with more places than samples perhaps; null if one is not in
   *     the row, or out of its order
   */
  @SuppressWarnings("ReferenceEquality") // equal ones that are another object are looked up
  int @Nullable [] places(List<Value.Sample> samples) {
    int size = samples.size();
    if (size > row.length) {
      return null;
    }
    int at = 0;
    for (int i = 0; i < size; i++) {
      Labels labels = samples.get(i).labels();
      while (at < row.length && row[at] != labels) {
        at++;
      }
      if (at == row.length) {
        return null;
      }
      places[i] = at++;
    }
    return places;
  }

  /** Makes the row that of these samples; their places are 0, 1, 2, …. */
  int[] remember(List<Value.Sample> samples) {
    int size = samples.size();
    row = new Labels[size];
    places = new int[size];
    for (int i = 0; i < size; i++) {
      row[i] = samples.get(i).labels();
      places[i] = i;
    }
    return places;
  }
}
