package dev.watchtower.monitor.lastknown;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.SignalsBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The newest incidents, golden signals, SLOs and planned work that the other services told of, and
 * how fresh they are. In memory, with a copy in the store; reading never waits. Safe for use by
 * several threads.
 *
 * <p>Bounds: all open incidents and the newest {@value #RESOLVED_KEPT} resolved ones; {@value
 * #SIGNALS_KEPT} services.
 */
public final class LastKnown {
  static final int RESOLVED_KEPT = 200;
  static final int SIGNALS_KEPT = 1_000;
  private static final int SLO_LIMIT = 1_000_000;

  /**
   * What was not heard for so long is stale though its connection stands: a process that is stopped
   * or cut off says nothing, and its connection is given up half a minute later only. Heart-beats
   * come every ten seconds.
   */
  static final Duration STALE_AFTER = Duration.ofSeconds(15);

  /** What is let go first comes first: services without golden signals, then the oldest. */
  private static final Comparator<SignalsBatch> WORTH =
      Comparator.<SignalsBatch, Boolean>comparing(b -> !b.signals().isEmpty())
          .thenComparingLong(SignalsBatch::ts);

  /** Told of each change of an incident, in order, on the thread that brought it. */
  public interface Listener {
    /** {@code before} is null for an incident that was not known. */
    void changed(@Nullable IncidentView before, IncidentView after, Instant now);

    /** Its owner knows an incident no more, without ever having told of its end. */
    void forgotten(UUID id, Instant now);
  }

  /**
   * How fresh a source's data is.
   *
   * @param asOf when it was last known to be true, the last sign of life of its source; null when
   *     nothing was ever heard
   * @param stale whether the source is not connected, or silent for longer than {@link
   *     #STALE_AFTER}
   */
  public record Freshness(@Nullable Instant asOf, boolean stale) {}

  private final LastKnownStore store;
  private final Map<UUID, IncidentView> incidents = new ConcurrentHashMap<>();

  private final Set<UUID> unsaved = ConcurrentHashMap.newKeySet();
  private final Map<String, SignalsBatch> signals = new ConcurrentHashMap<>();
  private final Map<String, Boolean> connected = new ConcurrentHashMap<>();
  private final Map<String, Instant> heard = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable String slo;
  private volatile List<MaintenanceWindow> maintenance;
  private volatile boolean signalsChanged;

  /** What the store has. */
  public LastKnown(LastKnownStore store) {
    this.store = store;
    store.incidents().forEach(i -> incidents.put(i.id(), i));
    store.signals().forEach(b -> signals.put(key(b), b));
    this.slo = store.slo().orElse(null);
    this.maintenance = List.copyOf(store.maintenance());
    heard.putAll(store.heard());
  }

  /** Adds {@code listener}. */
  public void onIncident(Listener listener) {
    listeners.add(listener);
  }

  /**
   * Takes an incident; one that tells nothing newer than the known one changes nothing, but for
   * what is left out of the signals of that. What the store cannot take now, it is given again by
   * {@link #flush}: the listeners must not miss it, for the same incident is never newer a second
   * time.
   */
  public synchronized void take(IncidentView incident, Instant now) {
    var before = incidents.get(incident.id());
    boolean newer = before == null || incident.isNewerThan(before);
    if (before != null && !newer && !isFuller(incident, before)) {
      return;
    }
    incidents.put(incident.id(), incident);
    unsaved.add(incident.id());
    try {
      saveIncidents(now);
      trim();
    } catch (RuntimeException storeFailed) {
      // Stays among the unsaved; flush says what is wrong with the store.
      unsaved.add(incident.id());
    }
    if (newer) {
      listeners.forEach(l -> l.changed(before, incident, now));
    }
  }

  private static boolean isFuller(IncidentView incident, IncidentView before) {
    return incident.version() == before.version()
        && !before.isNewerThan(incident)
        && before.partial()
        && !incident.partial();
  }

  /** Forgets an incident that its owner does not know. */
  public synchronized void forget(UUID id, Instant now) {
    if (incidents.containsKey(id)) {
      // Told first: what fails or is interrupted here is done again with the next reading.
      listeners.forEach(l -> l.forgotten(id, now));
      store.forget(List.of(id));
      incidents.remove(id);
    }
  }

  private void saveIncidents(Instant now) {
    for (var id : Set.copyOf(unsaved)) {
      var incident = incidents.get(id);
      if (incident != null) {
        store.save(incident, now);
      }
      unsaved.remove(id);
    }
  }

  private void trim() {
    var tooOld =
        incidents.values().stream()
            .filter(i -> i.state() == IncidentState.RESOLVED)
            .sorted(Comparator.comparing(IncidentView::number).reversed())
            .skip(RESOLVED_KEPT)
            .map(IncidentView::id)
            .collect(Collectors.toSet());
    if (!tooOld.isEmpty()) {
      incidents.keySet().removeAll(tooOld);
      store.forget(tooOld);
    }
  }

  /** Takes golden signals; an older batch than the known one changes nothing. */
  public void take(SignalsBatch batch) {
    if (signals.size() >= SIGNALS_KEPT && !signals.containsKey(key(batch))) {
      var least = signals.values().stream().min(WORTH).orElse(batch);
      if (WORTH.compare(batch, least) < 0) {
        return;
      }
      signals.remove(key(least));
    }
    signals.merge(key(batch), batch, LastKnown::better);
    signalsChanged = true;
  }

  /**
   * Takes a service of which ingest-service says only that it was there before its restart: what is
   * known of it here is more.
   */
  public void learn(SignalsBatch nothing) {
    if (!signals.containsKey(key(nothing))) {
      take(nothing);
    }
  }

  /** Takes the SLOs as JSON text; one that is too large is left out. */
  public void takeSlo(String json, Instant now) {
    if (json.length() <= SLO_LIMIT) {
      slo = json;
      store.saveSlo(json, now);
    }
  }

  /** Takes all maintenance windows there are, in place of those known so far. */
  public synchronized void takeMaintenance(List<MaintenanceWindow> windows, Instant now) {
    if (!windows.equals(maintenance)) {
      maintenance = List.copyOf(windows);
      store.saveMaintenance(windows, now);
    }
  }

  /** The source is connected: what is known of it is true now. */
  public void connected(String source, Instant now) {
    connected.put(source, true);
    heard.put(source, now);
  }

  /**
   * A sign of life of the source: a message, a heart-beat, an answer. As long as it is connected,
   * what is known of it is true then; before, nothing follows from it.
   */
  public void heard(String source, Instant now) {
    if (isConnected(source)) {
      heard.put(source, now);
    }
  }

  /** The source is connected no more; when it was last heard stays. */
  public void lost(String source, Instant now) {
    if (Boolean.TRUE.equals(connected.put(source, false))) {
      saveHeard(source, now);
    }
  }

  private void saveHeard(String source, Instant now) {
    store.saveHeard(source, heard.getOrDefault(source, now));
  }

  /**
   * Keeps what changed since the last call; called every few seconds. Throws what the store throws.
   */
  public void flush(Instant now) {
    synchronized (this) {
      saveIncidents(now);
      trim();
    }
    if (signalsChanged) {
      signalsChanged = false;
      store.saveSignals(List.copyOf(signals.values()), now);
    }
    connected.forEach((source, up) -> {
      if (up) {
        saveHeard(source, now);
      }
    });
  }

  /** Whether the live connection of {@code source} stands, though it may be silent. */
  public boolean isConnected(String source) {
    return Boolean.TRUE.equals(connected.get(source));
  }

  /** How fresh what {@code source} told is. */
  public Freshness freshness(String source, Instant now) {
    var last = heard.get(source);
    boolean silent = last == null || last.plus(STALE_AFTER).isBefore(now);
    return new Freshness(last, silent || !isConnected(source));
  }

  /** All known incidents, the newest first. */
  public List<IncidentView> incidents() {
    return incidents.values().stream()
        .sorted(Comparator.comparing(IncidentView::number).reversed())
        .toList();
  }

  /** One incident. */
  public Optional<IncidentView> incident(UUID id) {
    return Optional.ofNullable(incidents.get(id));
  }

  /** Those that are not resolved, the newest first. */
  public List<IncidentView> open() {
    return incidents().stream().filter(i -> i.state() != IncidentState.RESOLVED).toList();
  }

  /** The golden signals of every service. */
  public Collection<SignalsBatch> signals() {
    return List.copyOf(signals.values());
  }

  /** The SLOs as JSON text, if any were heard. */
  public Optional<String> slo() {
    return Optional.ofNullable(slo);
  }

  /** The maintenance windows, the newest first. */
  public List<MaintenanceWindow> maintenance() {
    return maintenance;
  }

  /** A service that had golden signals does not lose them because ingest knows of none yet. */
  private static SignalsBatch better(SignalsBatch old, SignalsBatch fresh) {
    var lost = fresh.signals().isEmpty() && !old.signals().isEmpty();
    return !lost && fresh.ts() >= old.ts() ? fresh : old;
  }

  private static String key(SignalsBatch batch) {
    return batch.env() + "/" + batch.service();
  }
}
