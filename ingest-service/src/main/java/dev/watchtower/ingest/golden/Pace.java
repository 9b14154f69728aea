package dev.watchtower.ingest.golden;

import java.util.concurrent.TimeUnit;

/**
 * How long a piece of work rests before it is done again, so that a flood of samples makes golden
 * signals coarser instead of taking the processor from those who store the samples. At rest times
 * of its own, work takes at most a twentieth of a thread; if all of it together takes more than
 * {@link #SHARE}, the rests are stretched from second to second until it does not. All times in
 * nanoseconds. For one thread.
 */
public final class Pace {
  /** The part of one thread's time that all stretched work may take, over some seconds. */
  public static final double SHARE = 0.2;

  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_STRETCHED = TimeUnit.SECONDS.toNanos(5);
  private static final int OWN_SHARE = 20;
  private static final double MOST = 100;

  private double stretch = 1;
  private long spent;
  private long since;

  /** A pace that begins at an instant of a clock of nanoseconds. */
  public Pace(long now) {
    since = now;
  }

  /** The rest after work that took {@code cost} and that must not wait for other work's sake. */
  public static long urgent(long cost) {
    return Math.clamp(cost * OWN_SHARE, SHORTEST, LONGEST);
  }

  /** The rest after work that took {@code cost}; the cost is counted. */
  public long stretched(long cost) {
    spent += cost;
    return Math.min(LONGEST_STRETCHED, (long) (urgent(cost) * stretch));
  }

  /** Looks at what was spent since the last call; to be called about once a second. */
  public void review(long now) {
    double share = (double) spent / Math.max(1, now - since);
    stretch = Math.clamp(stretch * Math.clamp(share / SHARE, 0.5, 2), 1, MOST);
    spent = 0;
    since = now;
  }
}
