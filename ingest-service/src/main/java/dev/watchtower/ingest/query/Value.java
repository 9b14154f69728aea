package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.List;

/** What a query yields. */
public sealed interface Value {

  /** A number without labels. */
  record Scalar(double value) implements Value {}

  /** A string. */
  record Text(String value) implements Value {}

  /** One value a series, all at the same instant. */
  record Vector(List<Sample> samples) implements Value {
    static final Vector EMPTY = new Vector(List.of());

    public Vector {
      samples = List.copyOf(samples);
    }
  }

  /** Several values a series. */
  record Matrix(List<Points> series) implements Value {
    public Matrix {
      series = List.copyOf(series);
    }
  }

  /** A value of a vector. */
  record Sample(Labels labels, double value) {}

  /**
   * The values of one series of a matrix, ascending in time; the arrays belong to it.
   *
   * @param times milliseconds since the epoch
   */
  record Points(Labels labels, long[] times, double[] values) {}
}
