package dev.watchtower.ingest.detection.slo;

/**
 * Numbers of buckets.
 *
 * @param last included
 */
record Buckets(long first, long last) {
  /** From the first of both to the last of both. */
  Buckets with(Buckets other) {
    return new Buckets(Math.min(first, other.first), Math.max(last, other.last));
  }

  boolean has(long number) {
    return number >= first && number <= last;
  }
}
