package dev.watchtower.incident.signals;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has together what waits together: while one piece of work for a key runs, what comes for the same
 * key gathers, and the next run takes all of it. The callers' own threads work: the one that has
 * waited longest does it for all, the others wait and hold nothing. Thread-safe.
 *
 * <p>Bounded by {@link Limits}: what finds the queue full, or has waited too long, is refused with
 * {@link Full}, and nothing of it is done.
 *
 * @param <K> what must be done one after the other
 * @param <T> an item
 * @param <R> its result
 */
public final class SignalQueue<K, T, R> {
  /**
   * The bounds.
   *
   * @param atOnce for how many keys work may run at a time, at least 1
   * @param together about how many items one run takes at most; those of one caller stay together
   * @param perKey how many callers may wait for one key
   * @param inAll how many callers may wait; each holds its request's memory
   * @param longest how long a caller waits until its items are taken up
   */
  public record Limits(int atOnce, int together, int perKey, int inAll, Duration longest) {
    public Limits {
      if (atOnce < 1 || together < 1 || perKey < 1 || inAll < perKey) {
        throw new IllegalArgumentException("no limits that let anything pass");
      }
    }
  }

  /** Does the items, in their order, in one go. */
  @FunctionalInterface
  public interface Work<K, T, R> {
    /** One result for each item; what it throws, every caller gets. */
    List<R> doAll(K key, List<T> items);
  }

  /** Is told what happens, by the callers' threads. */
  public interface Watch {
    /** {@code items} were done together. */
    void together(int items);

    /** {@code items} were refused. */
    void refused(int items);
  }

  /** The queue is full, or does not move. Nothing was done; later it will pass. */
  public static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Full(String message) {
      super(message);
    }
  }

  /** A caller. What is not final is written before {@code call} and read after it. */
  private static final class Caller<T, R> {
    private final List<T> items;
    private final CountDownLatch call = new CountDownLatch(1);
    private boolean leads;
    private @Nullable List<R> results;
    private @Nullable RuntimeException failure;

    Caller(List<T> items) {
      this.items = items;
    }
  }

  private final Limits limits;
  private final Work<K, T, R> work;
  private final Watch watch;
  private final Semaphore turns;

  /** Those who wait for each key; one of its callers leads as long as the lane is there. */
  private final Map<K, Deque<Caller<T, R>>> lanes = new HashMap<>();

  private int waiting;

  /** An empty queue. */
  public SignalQueue(Limits limits, Work<K, T, R> work, Watch watch) {
    this.limits = limits;
    this.work = work;
    this.watch = watch;
    // In turn: else a lane could starve while others are busy.
    this.turns = new Semaphore(limits.atOnce(), true);
  }

  /** How many callers wait now. */
  public synchronized int waiting() {
    return waiting;
  }

  /**
   * Has the items done, and returns when they are.
   *
   * @param items at least one, at most {@link Limits#together}
   * @throws Full if they were not taken up
   * @throws RuntimeException what the work threw
   */
  public List<R> submit(K key, List<T> items) {
    var caller = new Caller<T, R>(List.copyOf(items));
    if (enter(key, caller) || isCalledToLead(key, caller)) {
      lead(key, caller);
    }
    if (caller.failure != null) {
      throw caller.failure;
    }
    if (caller.results == null) {
      throw new IllegalStateException("who is called has results, or a failure");
    }
    return caller.results;
  }

  /** Whether the caller leads at once. */
  private synchronized boolean enter(K key, Caller<T, R> caller) {
    var known = lanes.get(key);
    if (waiting >= limits.inAll() || (known != null && known.size() >= limits.perKey())) {
      watch.refused(caller.items.size());
      throw new Full(waiting + " wait already");
    }
    lanes.computeIfAbsent(key, k -> new ArrayDeque<>()).addLast(caller);
    waiting++;
    return known == null;
  }

  private boolean isCalledToLead(K key, Caller<T, R> caller) {
    boolean interrupted = false;
    try {
      if (!caller.call.await(limits.longest().toNanos(), TimeUnit.NANOSECONDS)) {
        withdraw(key, caller, "it took too long");
      }
    } catch (InterruptedException e) {
      interrupted = true;
      withdraw(key, caller, "the service stops");
    } finally {
      // Whoever could not withdraw is being served, or is to lead: that comes to an end by itself.
      interrupted |= awaitCall(caller);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return caller.leads;
  }

  private static boolean awaitCall(Caller<?, ?> caller) {
    boolean interrupted = false;
    while (true) {
      try {
        caller.call.await();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  /** Takes a caller out that still waits; whoever is served already goes on. */
  private synchronized void withdraw(K key, Caller<T, R> caller, String why) {
    var lane = lanes.get(key);
    if (lane != null && !caller.leads && lane.remove(caller)) {
      waiting--;
      caller.failure = new Full(why);
      caller.call.countDown();
      watch.refused(caller.items.size());
    }
  }

  private void lead(K key, Caller<T, R> leader) {
    boolean interrupted = false;
    boolean turn = false;
    try {
      turn = turns.tryAcquire(limits.longest().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    var served = turn ? next(key) : List.<Caller<T, R>>of();
    try {
      if (turn) {
        serve(key, served);
      } else {
        giveUp(key, leader);
      }
    } finally {
      if (turn) {
        turns.release();
      }
      answer(served);
      callNext(key);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void giveUp(K key, Caller<T, R> leader) {
    var lane = lanes.get(key);
    if (lane != null && lane.remove(leader)) {
      waiting--;
    }
    leader.failure = new Full("it took too long");
    watch.refused(leader.items.size());
  }

  /** Takes those off who are served together; the leader is the first of them. */
  private synchronized List<Caller<T, R>> next(K key) {
    var served = new ArrayList<Caller<T, R>>();
    var lane = lanes.get(key);
    int taken = 0;
    while (lane != null && !lane.isEmpty()) {
      int size = lane.getFirst().items.size();
      if (taken > 0 && taken + size > limits.together()) {
        break;
      }
      var caller = lane.removeFirst();
      waiting--;
      served.add(caller);
      taken += size;
    }
    return served;
  }

  private void serve(K key, List<Caller<T, R>> served) {
    var items = served.stream().flatMap(caller -> caller.items.stream()).toList();
    try {
      var results = work.doAll(key, items);
      int from = 0;
      for (var caller : served) {
        int to = from + caller.items.size();
        caller.results = List.copyOf(results.subList(from, to));
        from = to;
      }
      watch.together(items.size());
    } catch (RuntimeException e) {
      served.forEach(caller -> caller.failure = e);
    }
  }

  private static <T, R> void answer(List<Caller<T, R>> served) {
    for (var caller : served) {
      if (caller.results == null && caller.failure == null) {
        // An error, such as no memory, took the leader's thread.
        caller.failure = new IllegalStateException("the work was not done");
      }
      caller.call.countDown();
    }
  }

  private synchronized void callNext(K key) {
    var lane = lanes.get(key);
    if (lane == null) {
      return;
    }
    var next = lane.peekFirst();
    if (next == null) {
      lanes.remove(key);
    } else {
      next.leads = true;
      next.call.countDown();
    }
  }
}
