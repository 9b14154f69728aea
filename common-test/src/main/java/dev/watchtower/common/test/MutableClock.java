package dev.watchtower.common.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it. Safe for use by several threads. */
public final class MutableClock extends Clock {
  private volatile Instant now;
  private volatile Duration atEachReading = Duration.ZERO;

  /** Stands at {@code now}. */
  public MutableClock(Instant now) {
    this.now = now;
  }

  /** Stands at a fixed day in 2026. */
  public static MutableClock ofAFixedDay() {
    return new MutableClock(Instant.parse("2026-03-02T10:00:00Z"));
  }

  /** Moves on by {@code step} (or back, when it is negative). */
  public synchronized void advance(Duration step) {
    now = now.plus(step);
  }

  /** Moves to {@code instant}. */
  public synchronized void set(Instant instant) {
    now = instant;
  }

  /** From now on it moves on by {@code step} whenever it is read. */
  public synchronized void advanceAtEachReading(Duration step) {
    atEachReading = step;
  }

  @Override
  public Instant instant() {
    if (atEachReading.isZero()) {
      return now;
    }
    synchronized (this) {
      now = now.plus(atEachReading);
      return now;
    }
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new IllegalStateException("this clock stands in UTC only");
  }
}
