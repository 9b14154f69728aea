package dev.watchtower.ingest.golden;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How long each piece of work rests before it is done again, so that none takes more than one part
 * in {@value #SHARE} of the thread that does them all: what it took beyond that is paid back with a
 * longer rest. A second is lent to who took less before, because a machine that stood still for a
 * moment does not make a piece of work expensive. Work that ends because it took too much, without
 * a result, rests 1, 2, 4 … 60 s besides. There is a longest rest, so what takes more than that
 * part of it at once takes a larger part of the time.
 *
 * <p>All times in nanoseconds of one clock. Thread-safe; a piece of work is done by one thread at a
 * time. As large as there are different pieces.
 *
 * @param <T> a piece of work, with equals
 */
public final class Rests<T> {
  /** A piece of work takes one part in so many of the time at most. */
  public static final int SHARE = 20;

  private static final long LENT = TimeUnit.SECONDS.toNanos(1);
  private static final long FIRST_PENALTY = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PENALTY = TimeUnit.SECONDS.toNanos(60);
  private static final int DOUBLED_AT_MOST = 7;

  /**
   * Where a piece of work stands.
   *
   * @param until when it may be done again
   * @param paid when all that it took will have been a part in {@value #SHARE} of the time
   * @param tooMuch how often it took too much, one after the other
   */
  private record Rest(long until, long paid, int tooMuch) {}

  private final Map<T, Rest> rests = new ConcurrentHashMap<>();
  private final long longest;

  /**
   * Nothing was done yet.
   *
   * @param longest rest that pays back
   */
  public Rests(long longest) {
    this.longest = longest;
  }

  /** When the work may be done: now, or later. */
  public long until(T work, long now) {
    Rest rest = rests.get(work);
    return rest == null || rest.until() - now <= 0 ? now : rest.until();
  }

  /**
   * It was done.
   *
   * @param usual how long it rests in any case, from the beginning on
   */
  public void done(T work, long begin, long end, long usual) {
    rests.put(work, after(rests.get(work), begin, end, usual, false));
  }

  /** It was given up because it took too much; else as {@link #done}. */
  public void tookTooMuch(T work, long begin, long end, long usual) {
    rests.put(work, after(rests.get(work), begin, end, usual, true));
  }

  /** It is not to be done any more. */
  public void forget(T work) {
    rests.remove(work);
  }

  /** Only these are to be done from now on. */
  public void keep(Predicate<T> isDone) {
    rests.keySet().removeIf(isDone.negate());
  }

  private Rest after(@Nullable Rest last, long begin, long end, long usual, boolean tooMuch) {
    long owed = begin - SHARE * LENT;
    if (last != null && last.paid() - owed > 0) {
      owed = last.paid();
    }
    long paid = earlier(owed + SHARE * (end - begin), end + longest);
    long until = later(begin + usual, paid);
    int times = tooMuch ? Math.min(DOUBLED_AT_MOST, last == null ? 1 : last.tooMuch() + 1) : 0;
    if (times > 0) {
      until = later(until, end + Math.min(LONGEST_PENALTY, FIRST_PENALTY << (times - 1)));
    }
    // Also where the usual rest was over before the work was.
    return new Rest(later(until, end), paid, times);
  }

  private static long later(long a, long b) {
    return a - b >= 0 ? a : b;
  }

  private static long earlier(long a, long b) {
    return a - b <= 0 ? a : b;
  }
}
