package dev.watchtower.ingest.golden;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The services that have been heard of, found by their samples. At most {@link #MAX_SERVICES}; the
 * samples of more are stored, but have no golden signals, and are counted in {@link #overlooked}.
 * {@link #heard} is for one thread, the rest for any.
 */
public final class ServiceRegistry {
  /** Services with golden signals, at most. */
  public static final int MAX_SERVICES = 10_000;

  // Event time may run ahead of ours by this much; more is a wrong clock and does not count.
  private static final long MAX_AHEAD_MILLIS = 60_000;
  private static final int MAX_CACHED_SERIES = 200_000;

  /**
   * What one batch touched.
   *
   * @param golden services with new samples for golden signals
   * @param metrics names of the metrics among them that a rule's own expression reads
   * @param oldest time of the oldest sample of those metrics, milliseconds since the epoch
   * @param newest time of the newest sample of those metrics, milliseconds since the epoch
   */
  public record Touched(
      Set<ObservedService> golden, Set<String> metrics, long oldest, long newest) {}

  private record Known(ObservedService service, boolean golden, boolean watched) {}

  private final ConcurrentMap<ServiceKey, ObservedService> services = new ConcurrentHashMap<>();
  private final Map<Series, Known> bySeries = new HashMap<>();
  private volatile Predicate<String> goldenMetrics = _ -> false;
  private volatile Predicate<String> watchedMetrics = _ -> false;
  private volatile boolean changed;
  private final LongAdder overlooked = new LongAdder();

  /** Which metrics matter from the next batch on. */
  public void watch(Predicate<String> golden, Predicate<String> watched) {
    goldenMetrics = golden;
    watchedMetrics = watched;
    changed = true;
  }

  /** The services of the past, so that one that never comes back is missed. */
  public void recall(List<Freshness.LastSample> past) {
    for (Freshness.LastSample last : past) {
      ObservedService service = service(new ServiceKey(last.service(), last.env()));
      if (service != null) {
        long at = last.lastSample().toEpochMilli();
        service.heard(at, at);
      }
    }
  }

  /**
   * Takes note of a batch.
   *
   * @param now milliseconds since the epoch
   */
  public Touched heard(AcceptedBatch batch, long now) {
    if (changed || bySeries.size() > MAX_CACHED_SERIES) {
      changed = false;
      bySeries.clear();
    }
    Map<ObservedService, Boolean> golden = new IdentityHashMap<>();
    Set<String> metrics = new HashSet<>();
    long oldest = Long.MAX_VALUE;
    long newest = 0;
    for (int i = 0; i < batch.size(); i++) {
      Series series = batch.series(i);
      Known known = bySeries.get(series);
      if (known == null) {
        known = resolve(series);
        if (known == null) {
          overlooked.increment();
          continue;
        }
        bySeries.put(series, known);
      }
      boolean plausible = batch.timestamp(i) <= now + MAX_AHEAD_MILLIS;
      if (!Samples.isStale(batch.value(i)) && plausible) {
        known.service().heard(batch.timestamp(i), now);
      }
      if (known.golden()) {
        known.service().sample(series.id(), batch.timestamp(i));
        golden.put(known.service(), true);
      }
      if (known.watched()) {
        metrics.add(series.labels().metricName());
        if (plausible) {
          oldest = Math.min(oldest, batch.timestamp(i));
          newest = Math.max(newest, batch.timestamp(i));
        }
      }
    }
    return new Touched(golden.keySet(), metrics, oldest, newest);
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
    return new Known(service, golden, watchedMetrics.test(metric));
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

  /** That service, if it was ever heard of. */
  public Optional<ObservedService> find(ServiceKey key) {
    return Optional.ofNullable(services.get(key));
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
