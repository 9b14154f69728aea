package dev.watchtower.ingest.golden;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SignsOfLife;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The services that have been heard of, found by their samples. At most {@link #MAX_SERVICES}; the
 * samples of more are stored, but have no golden signals, and are counted in {@link #overlooked}.
 * {@link #heard} is for one thread, the rest for any.
 */
public final class ServiceRegistry {
  /** Services with golden signals, at most. */
  public static final int MAX_SERVICES = 10_000;

  /** Places of the cache of series, a power of two. */
  private static final int MAX_CACHED_SERIES = 1 << 18;

  /**
   * Times of samples, milliseconds since the epoch; now for one from the future.
   *
   * @param oldest the earliest
   * @param newest the latest
   */
  public record Span(long oldest, long newest) {
    /** From the earliest of the two to the latest. */
    public Span and(Span other) {
      return new Span(Math.min(oldest, other.oldest), Math.max(newest, other.newest));
    }
  }

  /**
   * What one batch touched.
   *
   * @param golden services with new samples for golden signals
   * @param watched the metrics that a rule's own expression reads, with the times of their samples
   */
  public record Touched(Set<ObservedService> golden, Map<String, Span> watched) {
    /** Names of the metrics that a rule's own expression reads. */
    public Set<String> metrics() {
      return watched.keySet();
    }

    /**
     * The times of the samples of some of these metrics, of all of them where none is named; the
     * newest is before the oldest if there are no such samples.
     */
    public Span of(Set<String> metrics) {
      return watched.entrySet().stream()
          .filter(entry -> metrics.isEmpty() || metrics.contains(entry.getKey()))
          .map(Map.Entry::getValue)
          .reduce(new Span(Long.MAX_VALUE, 0), Span::and);
    }
  }

  /**
   * What is known of a series.
   *
   * @param interval where the interval of its metric is estimated; null if it is none of golden
   *     signals
   * @param instance by which instances are told apart
   */
  private record Known(
      long series,
      ObservedService service,
      boolean own,
      @Nullable IntervalEstimate interval,
      int instance,
      boolean watched) {}

  private final ConcurrentMap<ServiceKey, ObservedService> services = new ConcurrentHashMap<>();

  /** By the lowest bits of the number; two of the same place drive each other out. */
  private @Nullable Known[] bySeries = new @Nullable Known[1024];

  private volatile Predicate<String> goldenMetrics = _ -> false;
  private volatile Predicate<String> windowMetrics = _ -> false;
  private volatile Predicate<String> watchedMetrics = _ -> false;
  private volatile boolean changed;
  private final LongAdder overlooked = new LongAdder();

  /** Which metrics matter from the next batch on: those of golden signals, and of rules. */
  public void watch(GoldenSources golden, Predicate<String> watched) {
    watch(golden::reads, golden::readsInWindow, watched);
  }

  /** The same where all of golden signals are read in the window of the service. */
  public void watch(Predicate<String> golden, Predicate<String> watched) {
    watch(golden, golden, watched);
  }

  /**
   * The same.
   *
   * @param inWindow those of golden signals that are read in the window of the service
   */
  void watch(Predicate<String> golden, Predicate<String> inWindow, Predicate<String> watched) {
    goldenMetrics = golden;
    windowMetrics = inWindow;
    watchedMetrics = watched;
    changed = true;
  }

  /**
   * The services of the past, so that one that never comes back is missed.
   *
   * @param now milliseconds since the epoch
   */
  public void recall(List<Freshness.LastSample> past, long now) {
    var unused = heardBefore(past.stream().map(LastHeard::of).toList(), now);
  }

  /**
   * The same. A service may be in it more than once: the newest counts.
   *
   * @param past all that is known of before a restart, for the newest says when it began
   * @return for how long nobody could be heard, in milliseconds; 0 where nothing is known
   */
  public long heardBefore(List<LastHeard> past, long now) {
    long newest = past.stream().mapToLong(LastHeard::arrived).max().orElse(now);
    long away = Math.max(0, now - newest);
    for (LastHeard last : past) {
      ObservedService service = service(last.key());
      if (service != null) {
        service.recalled(last, away, now);
      }
    }
    return away;
  }

  /** The clock was put back: what seems to have come later came now. */
  public void clockPutBack(long now) {
    all().forEach(service -> service.clockPutBack(now));
  }

  /**
   * A gap of ours ends now, in which no sample of anybody was taken.
   *
   * @param gap how long it was, in milliseconds
   * @param now milliseconds since the epoch
   */
  public void interrupted(long gap, long now) {
    all().forEach(service -> service.interrupted(gap, now));
  }

  /**
   * Whether somebody is late, of those who still sent when samples were last taken; yes where of
   * none of them it is known how often it sends.
   *
   * @param takenAt when that was, milliseconds since the epoch
   * @param grace so much later than usual is not late, and a quarter of an interval, milliseconds
   * @param now milliseconds since the epoch
   */
  public boolean isAnyLate(long takenAt, long grace, long now) {
    boolean known = false;
    for (ObservedService service : all()) {
      long interval = service.anyIntervalMillis();
      long due = service.arrivedMillis() + interval + interval / 4 + grace;
      if (interval > 0 && takenAt <= due) {
        if (now > due) {
          return true;
        }
        known = true;
      }
    }
    return !known;
  }

  /**
   * Takes note of a batch. A sample from the future counts as one of now: a sender whose clock is
   * ahead must not move on the time at which the others are looked at, nor seem silent.
   *
   * @param now milliseconds since the epoch
   */
  public Touched heard(AcceptedBatch batch, long now) {
    if (changed) {
      changed = false;
      Arrays.fill(bySeries, null);
    }
    Set<ObservedService> golden = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<String, Span> watched = new HashMap<>();
    ObservedService current = null;
    boolean currentGolden = false;
    boolean currentOwn = false;
    long currentNewest = 0;
    long currentOldest = Long.MAX_VALUE;
    for (int i = 0; i < batch.size(); i++) {
      Known known = known(batch.series(i));
      if (known == null) {
        overlooked.increment();
        continue;
      }
      // Samples of a service mostly stand together: what costs is done once for all of them.
      if (known.service() != current) {
        note(current, currentOwn, currentGolden, currentOldest, currentNewest, now, golden);
        current = known.service();
        currentGolden = false;
        currentOwn = false;
        currentNewest = 0;
        currentOldest = Long.MAX_VALUE;
      }
      long ts = batch.timestamp(i);
      long at = Math.min(ts, now);
      if (!Samples.isStale(batch.value(i))) {
        currentNewest = Math.max(currentNewest, at);
        currentOwn |= known.own();
      }
      IntervalEstimate interval = known.interval();
      if (interval != null) {
        currentGolden = true;
        currentOldest = Math.min(currentOldest, at);
        current.sample(interval, known.series(), known.instance(), ts);
      } else {
        current.otherSample(batch.series(i).id(), ts);
      }
      if (known.watched()) {
        watched.merge(batch.series(i).labels().metricName(), new Span(at, at), Span::and);
      }
    }
    note(current, currentOwn, currentGolden, currentOldest, currentNewest, now, golden);
    return new Touched(golden, watched);
  }

  private static void note(
      @Nullable ObservedService service,
      boolean isOwn,
      boolean isGolden,
      long oldest,
      long newest,
      long now,
      Set<ObservedService> golden) {
    if (service == null) {
      return;
    }
    if (newest > 0) {
      service.heard(newest, isOwn, now);
    } else {
      service.named(now);
    }
    if (isGolden) {
      service.backfill().heard(oldest, newest, now);
      golden.add(service);
    }
  }

  private @Nullable Known known(Series series) {
    if (series.id() >= bySeries.length && bySeries.length < MAX_CACHED_SERIES) {
      bySeries = Arrays.copyOf(bySeries, bySeries.length * 2);
    }
    int place = (int) series.id() & (bySeries.length - 1);
    Known known = bySeries[place];
    if (known == null || known.series() != series.id()) {
      known = resolve(series);
      bySeries[place] = known;
    }
    return known;
  }

  private @Nullable Known resolve(Series series) {
    ObservedService service = service(new ServiceKey(series.service(), series.env()));
    if (service == null) {
      return null;
    }
    String metric = series.labels().metricName();
    boolean golden = goldenMetrics.test(metric);
    if (golden) {
      service.has(metric);
    }
    return new Known(
        series.id(),
        service,
        SignsOfLife.isOne(series.labels()),
        golden ? service.interval(metric, windowMetrics.test(metric)) : null,
        series.labels().getOrEmpty("instance").hashCode(),
        watchedMetrics.test(metric));
  }

  private @Nullable ObservedService service(ServiceKey key) {
    ObservedService service = services.get(key);
    if (service == null && services.size() < MAX_SERVICES) {
      service = services.computeIfAbsent(key, ObservedService::new);
    }
    return service;
  }

  /** All services. */
  public Collection<ObservedService> all() {
    return services.values();
  }

  /** Those that send, but nothing of which golden signals are made. */
  public List<ObservedService> withoutGoldenSignals() {
    return services.values().stream().filter(ObservedService::sendsOthersOnly).toList();
  }

  /** Those of which nothing came since a restart, or another gap of ours. */
  public List<ObservedService> notHeardAgain() {
    return services.values().stream()
        .filter(service -> !service.isHeard() && service.eventMillis() > 0)
        .toList();
  }

  /** That service, if it was ever heard of. */
  public Optional<ObservedService> find(ServiceKey key) {
    return Optional.ofNullable(services.get(key));
  }

  /**
   * What time it is for the service that is behind least, of those that are meant: who sends late
   * is no further than his samples. Services that were not heard since a restart count only where
   * no other is meant: of them it is not known how far they are behind. At most {@code now}, and
   * that where there are none.
   */
  public long timeOf(Predicate<ServiceKey> meant, long now) {
    OptionalLong heard = latest(meant, ObservedService::isHeard, s -> s.eventMillisAt(now));
    return Math.min(
        now,
        heard.isPresent()
            ? heard.getAsLong()
            : latest(meant, s -> !s.isHeard(), s -> s.eventMillisAtLeast(now)).orElse(now));
  }

  private OptionalLong latest(
      Predicate<ServiceKey> meant,
      Predicate<ObservedService> which,
      ToLongFunction<ObservedService> time) {
    return services.values().stream()
        .filter(service -> meant.test(service.key()) && which.test(service))
        .mapToLong(time)
        .max();
  }

  /** Forgets a service; its next sample makes it known again. */
  public void forget(ServiceKey key) {
    services.remove(key);
    changed = true;
  }

  /** Samples of services beyond the limit. */
  public long overlooked() {
    return overlooked.sum();
  }
}
