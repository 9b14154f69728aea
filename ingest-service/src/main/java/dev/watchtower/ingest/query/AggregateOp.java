package dev.watchtower.ingest.query;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The aggregations. */
public enum AggregateOp {
  SUM,
  AVG,
  MIN,
  MAX,
  COUNT,
  GROUP,
  STDDEV,
  STDVAR,
  QUANTILE,
  TOPK,
  BOTTOMK,
  COUNT_VALUES;

  static @Nullable AggregateOp of(String word) {
    for (AggregateOp op : values()) {
      if (op.name().equalsIgnoreCase(word)) {
        return op;
      }
    }
    return null;
  }

  /** As it is written in a query. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean hasParameter() {
    return this == QUANTILE || this == TOPK || this == BOTTOMK || this == COUNT_VALUES;
  }
}
