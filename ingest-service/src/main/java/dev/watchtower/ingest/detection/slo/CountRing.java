package dev.watchtower.ingest.detection.slo;

import java.util.Arrays;

/** Counts by number of bucket, the newest {@code size} of them. For one thread. */
final class CountRing {
  private final long[] number;
  private final double[] good;
  private final double[] total;
  private long newest = Long.MIN_VALUE;

  CountRing(int size) {
    number = new long[size];
    Arrays.fill(number, Long.MIN_VALUE);
    good = new double[size];
    total = new double[size];
  }

  /** Whether the bucket is one that is kept, or would be. */
  boolean keeps(long bucket) {
    return newest == Long.MIN_VALUE || bucket > newest - number.length;
  }

  /** The counts of a bucket; none where it is unknown. */
  Counts get(long bucket) {
    int slot = slot(bucket);
    return number[slot] == bucket ? new Counts(good[slot], total[slot]) : Counts.NONE;
  }

  /** Takes the counts of a bucket; those too old are left out. */
  void put(long bucket, Counts counts) {
    if (!keeps(bucket)) {
      return;
    }
    int slot = slot(bucket);
    number[slot] = bucket;
    good[slot] = counts.good();
    total[slot] = counts.total();
    newest = Math.max(newest, bucket);
  }

  /** Forgets the buckets after one: it is the newest. */
  void forgetAfter(long bucket) {
    for (int slot = 0; slot < number.length; slot++) {
      if (number[slot] > bucket) {
        number[slot] = Long.MIN_VALUE;
      }
    }
    newest = Math.min(newest, bucket);
  }

  /** The sum over buckets, both ends included. */
  Counts sum(long first, long last) {
    double goods = 0;
    double all = 0;
    for (long bucket = Math.max(first, last - number.length + 1); bucket <= last; bucket++) {
      int slot = slot(bucket);
      if (number[slot] == bucket) {
        goods += good[slot];
        all += total[slot];
      }
    }
    return new Counts(Math.min(goods, all), all);
  }

  private int slot(long bucket) {
    return (int) Math.floorMod(bucket, (long) number.length);
  }
}
