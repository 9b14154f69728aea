package dev.watchtower.ingest.golden;

/**
 * Which instants are to be looked at besides the newest sample, because samples came late, as from
 * a sender that was cut off for a while: those between the last decision and the newest sample, one
 * each {@link #STEP_MILLIS} and at most {@link #MOST_STEPS}. So samples give the same signals in
 * one request as in many. They wait a moment first: who sends several requests at once may have
 * sent the errors and not yet all that went well. An instant that was decided for the sake of
 * samples is never gone back to: that could tell a breach twice. Times are milliseconds since the
 * epoch. Thread-safe; a fixed size.
 */
public final class Backfill {
  /** Between two instants that are looked at for samples that came late; that of a back-test. */
  public static final long STEP_MILLIS = 5_000;

  /** Such instants in one look, at most: five minutes. */
  public static final int MOST_STEPS = 60;

  /** Samples that are older when they come have come late. */
  public static final long LATE_MILLIS = 10_000;

  /** So long after the first of them came nothing is decided, for the others to come too. */
  public static final long SETTLE_MILLIS = 5_000;

  private static final long NEVER = Long.MIN_VALUE;
  private static final long NONE = Long.MAX_VALUE;

  /**
   * Instants: {@code first} and every {@link #STEP_MILLIS} after it up to {@code last}, none if
   * that is earlier.
   *
   * @param waits whether nothing is to be decided yet
   * @param leftOut whether samples came too late for all of their instants to be looked at
   * @param lateFrom time of the oldest sample that came late
   */
  public record Instants(long first, long last, boolean waits, boolean leftOut, long lateFrom) {
    /** None. */
    public static final Instants NO = new Instants(NONE, NEVER, false, false, NONE);

    private static final Instants WAIT = new Instants(NONE, NEVER, true, false, NONE);
    private static final Instants TOO_LATE = new Instants(NONE, NEVER, false, true, NONE);

    /** Whether there are none. */
    public boolean isEmpty() {
      return first > last;
    }
  }

  private long decided;
  private long lateFrom = NONE;
  private long lateTo = NEVER;
  private long lateSince;
  private boolean missed;
  private boolean tooLate;

  /** Nothing was decided yet. */
  public Backfill() {
    this(NEVER);
  }

  /**
   * Until {@code decided} everything was.
   *
   * @param decided what came before is not gone back to
   */
  public Backfill(long decided) {
    this.decided = decided;
  }

  /** Samples are stored, the oldest and the newest of them of those times. */
  public synchronized void heard(long oldest, long newest, long now) {
    tooLate |= oldest <= decided && now - oldest > LATE_MILLIS;
    if (newest <= decided) {
      return;
    }
    long from = missed && decided != NEVER ? decided + 1 : Math.max(oldest, decided + 1);
    missed = false;
    if (now - from > LATE_MILLIS) {
      lateSince = lateFrom == NONE ? now : lateSince;
      lateFrom = Math.min(lateFrom, from);
      lateTo = Math.max(lateTo, newest);
    }
  }

  /** Samples of unknown times are stored. */
  public synchronized void missed() {
    missed = true;
  }

  /** Whether samples that came late have waited long enough. */
  public synchronized boolean isDue(long now) {
    return lateFrom != NONE && now - lateSince >= SETTLE_MILLIS;
  }

  /**
   * The instants before {@code at} to look at now, until {@link #decided} or {@link #again}; what
   * is not before it is for the next call.
   */
  public synchronized Instants before(long at, long now) {
    if (lateFrom == NONE) {
      Instants none = tooLate ? Instants.TOO_LATE : Instants.NO;
      tooLate = false;
      return none;
    }
    long from = Math.max(decided + 1, at - MOST_STEPS * STEP_MILLIS);
    long first = -Math.floorDiv(-Math.max(from, lateFrom), STEP_MILLIS) * STEP_MILLIS;
    long last = Math.floorDiv(at - 1, STEP_MILLIS) * STEP_MILLIS;
    if (first <= last && now - lateSince < SETTLE_MILLIS) {
      return Instants.WAIT;
    }
    Instants instants = new Instants(first, last, false, tooLate || lateFrom < from, lateFrom);
    tooLate = false;
    lateFrom = lateTo > at ? at + 1 : NONE;
    return instants;
  }

  /**
   * Nothing came later than now, nor was anything decided: what waits, or comes late, must not wait
   * until the clock is there again.
   */
  public synchronized void clockPutBack(long now) {
    lateSince = Math.min(lateSince, now);
    decided = Math.min(decided, now);
    lateFrom = lateFrom == NONE ? NONE : Math.min(lateFrom, now);
    lateTo = Math.min(lateTo, now);
  }

  /** Until then everything was decided. */
  public synchronized void decided(long until) {
    decided = Math.max(decided, until);
  }

  /** These could not be decided: the next are for the same samples too. */
  public synchronized void again(Instants instants) {
    lateFrom = Math.min(lateFrom, instants.lateFrom());
    tooLate |= instants.leftOut();
  }
}
