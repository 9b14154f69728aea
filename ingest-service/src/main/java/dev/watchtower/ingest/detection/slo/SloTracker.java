package dev.watchtower.ingest.detection.slo;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.query.QueryEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one SLO over its period, kept up as samples arrive, so that a burn rate over days
 * costs a sum and no query. Buckets of a minute (or the SLO's resolution) are kept for the longest
 * window of the tiers, hours for the period: about 80 kB at 30 days. Thread-safe.
 */
public final class SloTracker {
  /** Milliseconds of an hour. */
  public static final long HOUR = 3_600_000;

  /** Buckets counted at most on one arrival; older ones are left to {@link #lateHours}. */
  private static final int AT_ONCE = 30;

  /** Buckets of one query: what is read for it is held in memory at once. */
  private static final int A_QUERY = 6;

  /** So often an hour is counted anew because samples change it meanwhile. */
  private static final int ATTEMPTS = 5;

  /** Sums of the same in another order differ by less than this share; what is counted, by more. */
  private static final double HAIR = 1e-9;

  private final SloMeter meter;
  private final List<BurnTier> tiers;
  private final CountRing fine;
  private final CountRing coarse;
  private final CountWindows windows;
  private final Set<Long> unsaved = new HashSet<>();
  private final Set<Long> late = new HashSet<>();

  /**
   * By late hour: the buckets of which the new counts count, though they be fewer. What rose up to
   * the samples that were there is told apart by those that came late.
   */
  private final Map<Long, Buckets> anew = new HashMap<>();

  private final Map<Long, Long> touched = new HashMap<>();
  private final int bucketsAnHour;

  /**
   * The newest bucket that was counted before it was over, as far as is known. What is made of its
   * first samples may be more than what there is at its end, as with an average over it.
   */
  private long unfinished = Long.MIN_VALUE;

  /** The same of the life before a restart: samples that come since say nothing of it. */
  private long savedUnfinished = Long.MIN_VALUE;

  private long version;
  private long since = Long.MAX_VALUE;
  private long at = Long.MIN_VALUE;

  /** A tracker that has counted nothing. */
  public SloTracker(SloMeter meter) {
    this.meter = meter;
    Slo slo = meter.slo();
    tiers = BurnTier.of(slo.period(), slo.objective());
    bucketsAnHour = Math.toIntExact(HOUR / Math.min(HOUR, meter.bucketMillis()));
    long longest = tiers.getLast().longWindow().toMillis();
    fine = new CountRing(Math.toIntExact(longest / meter.bucketMillis()) + bucketsAnHour + 1);
    windows = new CountWindows(meter, fine);
    coarse = new CountRing(Math.toIntExact(slo.period().toMillis() / HOUR) + 2);
  }

  /** What it counts with. */
  public SloMeter meter() {
    return meter;
  }

  /** How many buckets an hour has. */
  public int bucketsAnHour() {
    return bucketsAnHour;
  }

  /** The tiers of its period. */
  public List<BurnTier> tiers() {
    return tiers;
  }

  /** Event time of the newest samples counted, milliseconds since the epoch; null for none. */
  public synchronized @Nullable Long at() {
    return at == Long.MIN_VALUE ? null : at;
  }

  /**
   * Counts again what samples between two times may have changed. What is further back than {@value
   * #AT_ONCE} buckets is only noted, to be counted by the hour.
   *
   * @throws dev.watchtower.ingest.query.QueryException if the query has no answer
   */
  public synchronized void refresh(QueryEngine engine, long from, long to) {
    long bucket = meter.bucketMillis();
    long newest = Math.max(at, to);
    long open = Math.floorDiv(newest - 1, bucket);
    // What rises up to the samples after them is less now.
    long last = Math.min(open, Math.floorDiv(to + meter.leadMillis() - 1, bucket));
    long first = Math.floorDiv(Math.min(from, to) - 1, bucket);
    if (at != Long.MIN_VALUE) {
      // The bucket that was open at the last look is over, or goes on.
      first = Math.min(first, Math.floorDiv(at - 1, bucket));
    }
    if (last - first >= AT_ONCE) {
      long begin = Math.max(first, last - coarseMillis() / bucket);
      for (long hour = hourOf(begin); hour <= hourOf(last - AT_ONCE); hour++) {
        late.add(hour);
        anew.merge(hour, new Buckets(begin, last - AT_ONCE), Buckets::with);
      }
      first = last - AT_ONCE + 1;
    }
    List<Counts> whole = new ArrayList<>();
    long end = Math.min(last, open - 1);
    for (long begin = first; begin <= end; begin += A_QUERY) {
      whole.addAll(meter.buckets(engine, begin, Math.min(end, begin + A_QUERY - 1), newest));
    }
    Counts begun = last == open ? meter.begun(engine, open, newest) : null;
    at = newest;
    version++;
    for (int i = 0; i < whole.size(); i++) {
      put(first + i, whole.get(i));
    }
    if (begun != null) {
      unfinished = open;
      put(open, begun);
    }
  }

  private long coarseMillis() {
    return meter.slo().period().toMillis();
  }

  /**
   * No sample is newer than now: what is counted from now on must not wait for the time of some.
   * What is counted of later ones is forgotten, and counted again when their time comes.
   */
  public synchronized void clockPutBack(long now) {
    at = Math.min(at, now);
    long bucket = Math.floorDiv(now, meter.bucketMillis());
    long hour = hourOf(bucket);
    Counts ofThisHour = fine.sum(bucket + 1, (hour + 1) * bucketsAnHour - 1);
    fine.forgetAfter(bucket);
    coarse.forgetAfter(hour);
    for (Set<Long> hours : List.of(unsaved, late, anew.keySet(), touched.keySet())) {
      hours.removeIf(h -> h > hour);
    }
    if (ofThisHour.total() > 0) {
      version++;
      add(hour, ofThisHour, Counts.NONE);
    }
  }

  /** Takes the counts of the next bucket in the order of time. */
  public synchronized void append(long number, Counts counts) {
    at = Math.max(at, (number + 1) * meter.bucketMillis());
    version++;
    put(number, counts);
  }

  private long hourOf(long bucketNumber) {
    return Math.floorDiv(bucketNumber * meter.bucketMillis(), HOUR);
  }

  private void put(long number, Counts counts) {
    if (!fine.keeps(number)) {
      if (coarse.keeps(hourOf(number))) {
        late.add(hourOf(number));
      }
      return;
    }
    Counts old = fine.get(number);
    if (old.equals(counts)) {
      return;
    }
    fine.put(number, counts);
    add(hourOf(number), old, counts);
    seen(number, counts);
  }

  /** Some buckets of an hour have other counts now. */
  private void add(long hour, Counts before, Counts after) {
    Counts sum = coarse.get(hour);
    double total = Math.max(0, sum.total() + after.total() - before.total());
    double good = Math.clamp(sum.good() + after.good() - before.good(), 0, total);
    coarse.put(hour, new Counts(good, total));
    if (touched.put(hour, version) == null) {
      touched.keySet().removeIf(h -> !coarse.keeps(h));
    }
    unsaved.add(hour);
  }

  private void seen(long number, Counts counts) {
    if (counts.total() > 0) {
      since = Math.min(since, number * meter.bucketMillis());
    }
  }

  /** Hours that late samples changed and that are to be counted again; each is told once. */
  public synchronized List<Long> lateHours() {
    List<Long> hours = List.copyOf(late);
    late.clear();
    return hours;
  }

  /**
   * Numbers of the hours since the epoch whose buckets changed since they were last saved. Hours
   * that waited so long that their buckets are gone are left as they were saved.
   */
  public synchronized List<Long> unsavedHours() {
    List<Long> hours = unsaved.stream().filter(h -> fine.keeps(h * bucketsAnHour)).toList();
    unsaved.clear();
    return hours;
  }

  /** They could not be saved after all. */
  public synchronized void notSaved(List<Long> hours) {
    unsaved.addAll(hours);
  }

  /** The counts of an hour's buckets, in order. */
  public synchronized List<Counts> hour(long hour) {
    List<Counts> counts = new ArrayList<>(bucketsAnHour);
    for (int i = 0; i < bucketsAnHour; i++) {
      counts.add(fine.get(hour * bucketsAnHour + i));
    }
    return counts;
  }

  /** They could not be counted after all. */
  public synchronized void stillLate(Collection<Long> hours) {
    hours.stream().filter(coarse::keeps).forEach(late::add);
  }

  /**
   * Takes the counts of an hour that were saved. Where samples changed it since the start, each
   * bucket keeps the counts with more in them; of two with as much, what was counted since.
   *
   * @param counts of all its buckets, in order
   */
  public synchronized void restore(long hour, List<Counts> counts) {
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i).total() > 0) {
        savedUnfinished = Math.max(savedUnfinished, hour * bucketsAnHour + i);
      }
    }
    if (!restore(hour, counts, 0)) {
      merge(hour, counts, false);
    }
  }

  /**
   * Counts an hour from the stored samples. Where samples change it all the time meanwhile, or
   * fewer are left than were counted once, each bucket keeps the counts with more in them (of two
   * with as much, the new ones): samples only ever come on top, and counts outlive them. Of the
   * bucket that was not over when it was counted the new ones count, if there are any; of buckets
   * that late samples changed, in any case.
   *
   * @param now moments after this do not count, milliseconds since the epoch; asked at each attempt
   * @return the counts of its buckets that it has now, in order; none if only their sum is known
   * @throws dev.watchtower.ingest.query.QueryException if the query has no answer
   */
  public List<Counts> recount(QueryEngine engine, long hour, LongSupplier now) {
    List<Counts> counts = counted(engine, hour, now);
    forgetAnew(hour);
    return counts;
  }

  private synchronized void forgetAnew(long hour) {
    anew.remove(hour);
  }

  private List<Counts> counted(QueryEngine engine, long hour, LongSupplier now) {
    long first = hour * bucketsAnHour;
    for (int i = 1; ; i++) {
      long asOf = version();
      List<Counts> counts =
          meter.buckets(engine, first, first + bucketsAnHour - 1, now.getAsLong());
      if (isLessThanKnown(hour, counts)) {
        return known(hour, counts);
      }
      if (restore(hour, counts, asOf)) {
        return counts;
      }
      if (i == ATTEMPTS) {
        return merge(hour, counts, true);
      }
    }
  }

  private synchronized boolean isLessThanKnown(long hour, List<Counts> counts) {
    return isLess(counts.stream().mapToDouble(Counts::total).sum(), coarse.get(hour).total());
  }

  private static boolean isLess(double a, double b) {
    return a < b * (1 - HAIR);
  }

  private synchronized List<Counts> known(long hour, List<Counts> counts) {
    return fine.keeps(hour * bucketsAnHour) ? merge(hour, counts, true) : List.of();
  }

  private synchronized long version() {
    return version;
  }

  /**
   * @param newer whether they were counted after those that are known: then late samples may have
   *     changed what is good in them and nothing else
   */
  private synchronized List<Counts> merge(long hour, List<Counts> counts, boolean newer) {
    List<Counts> merged = new ArrayList<>(counts.size());
    Buckets lessened = anew.get(hour);
    for (int i = 0; i < counts.size(); i++) {
      long number = hour * bucketsAnHour + i;
      Counts known = fine.get(number);
      Counts other = counts.get(i);
      boolean begun = number == unfinished || number == savedUnfinished;
      boolean replaced =
          newer
              ? !isLess(other.total(), known.total())
                  || (begun && other.total() > 0)
                  || (lessened != null && lessened.has(number))
              : isLess(known.total(), other.total());
      merged.add(replaced ? other : known);
    }
    put(hour, merged);
    unsaved.add(hour);
    return merged;
  }

  /**
   * @param asOf the version before they were counted
   * @return false if samples changed the hour meanwhile: count again
   */
  private synchronized boolean restore(long hour, List<Counts> counts, long asOf) {
    if (touched.getOrDefault(hour, 0L) > asOf) {
      return false;
    }
    put(hour, counts);
    return true;
  }

  private void put(long hour, List<Counts> counts) {
    double good = 0;
    double total = 0;
    for (int i = 0; i < counts.size(); i++) {
      long number = hour * bucketsAnHour + i;
      Counts one = counts.get(i);
      good += one.good();
      total += one.total();
      if (one.total() > 0 || fine.get(number).total() > 0) {
        fine.put(number, one);
      }
      seen(number, one);
    }
    coarse.put(hour, new Counts(Math.min(good, total), total));
  }

  /**
   * What the counts say at an instant.
   *
   * @param now event time, milliseconds since the epoch
   */
  public synchronized SloReading read(long now) {
    long first = now - meter.slo().period().toMillis();
    Counts period = coarse.sum(Math.floorDiv(first, HOUR) + 1, Math.floorDiv(now - 1, HOUR));
    Duration fastest = tiers.getFirst().shortWindow();
    List<SloReading.Burn> burns = new ArrayList<>();
    for (BurnTier tier : tiers) {
      burns.add(
          new SloReading.Burn(
              tier,
              windows.at(now, tier.longWindow()),
              windows.before(now, tier.longWindow(), fastest),
              windows.at(now, tier.shortWindow()),
              now - meter.begin(now, tier.shortWindow().toMillis())));
    }
    Long from = since == Long.MAX_VALUE ? null : Math.max(since, first);
    Counts before = windows.before(now, fastest, fastest);
    return new SloReading(meter.slo(), now, from, period, burns, before);
  }
}
