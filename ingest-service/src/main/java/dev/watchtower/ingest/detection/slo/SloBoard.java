package dev.watchtower.ingest.detection.slo;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.QueryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The SLOs in force with their counts. Any threads. */
public final class SloBoard {
  private record Content(
      Map<String, SloTracker> trackers, Set<String> metrics, boolean any, List<String> faults) {}

  private final AtomicReference<Content> content =
      new AtomicReference<>(new Content(Map.of(), Set.of(), false, List.of()));
  private final Set<String> complete = ConcurrentHashMap.newKeySet();
  private final ServiceRegistry services;

  /**
   * No SLOs yet.
   *
   * @param services what is known of the services that SLOs are of
   */
  public SloBoard(ServiceRegistry services) {
    this.services = services;
  }

  /**
   * Takes the SLOs of a catalog; the counts of those that stay the same stay too. One that cannot
   * be read is told in {@link #faults}; if it was there before it goes on as it was.
   */
  public synchronized void take(List<Slo> slos) {
    Map<String, SloTracker> old = content.get().trackers();
    Map<String, SloTracker> trackers = new LinkedHashMap<>();
    Set<String> metrics = new HashSet<>();
    List<String> faults = new ArrayList<>();
    boolean any = false;
    for (Slo slo : slos) {
      SloTracker known = old.get(slo.name());
      SloTracker tracker = known;
      try {
        boolean same = known != null && known.meter().slo().equals(slo);
        if (!same) {
          tracker = new SloTracker(new SloMeter(slo));
          complete.remove(slo.name());
        }
      } catch (QueryException e) {
        faults.add(
            "slos."
                + slo.name()
                + ": "
                + e.getMessage()
                + (known == null ? "" : "; until it can be read it goes on as it was"));
      }
      if (tracker != null) {
        trackers.put(slo.name(), tracker);
        metrics.addAll(tracker.meter().metrics());
        any |= tracker.meter().metrics().isEmpty();
      }
    }
    complete.retainAll(trackers.keySet());
    content.set(new Content(trackers, Set.copyOf(metrics), any, List.copyOf(faults)));
  }

  /** All of them, in the catalog's order. */
  public Collection<SloTracker> all() {
    return content.get().trackers().values();
  }

  /** The one of that name, if there is any. */
  public Optional<SloTracker> find(String name) {
    return Optional.ofNullable(content.get().trackers().get(name));
  }

  /** Whether an SLO reads the metric. */
  public boolean reads(String metric) {
    Content now = content.get();
    return now.any() || now.metrics().contains(metric);
  }

  /** Which SLOs cannot be counted as the catalog says, and why. */
  public List<String> faults() {
    return content.get().faults();
  }

  /** All history of the tracker has been counted. */
  public void complete(SloTracker tracker) {
    String name = tracker.meter().slo().name();
    if (find(name).filter(t -> t == tracker).isPresent()) {
      complete.add(name);
    }
  }

  /** Whether all history of the SLO has been counted: before, it may not fire or clear. */
  public boolean isComplete(SloTracker tracker) {
    return complete.contains(tracker.meter().slo().name());
  }

  /**
   * What time it is for the service of an SLO, by its samples: others may send the same metrics and
   * be further. Now where it is not known.
   *
   * @param now milliseconds since the epoch
   */
  public long timeOf(SloTracker tracker, long now) {
    Slo slo = tracker.meter().slo();
    return services
        .find(new ServiceKey(slo.service(), slo.env()))
        .map(service -> Math.min(now, service.eventMillisKnown(now)))
        .orElse(now);
  }

  /**
   * How it stands with an SLO.
   *
   * @param now milliseconds since the epoch
   */
  public SloStatus status(SloTracker tracker, long now) {
    Long at = tracker.at();
    long time = timeOf(tracker, now);
    // Where its samples are far behind its service, time alone has moved its windows on.
    long instant = at == null || time - at > 60_000 ? time : Math.min(at, time);
    // The instant of the figures, not of the newest sample: that may be another service's, or old.
    Long asOf = at == null ? null : (Long) instant;
    return SloStatus.of(
        tracker.read(instant), tracker.meter().expression(), asOf, isComplete(tracker));
  }
}
