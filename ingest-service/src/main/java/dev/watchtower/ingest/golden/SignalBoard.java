package dev.watchtower.ingest.golden;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The newest golden signals of every service. Bounded by the registry; any threads. */
public final class SignalBoard {
  private final ConcurrentMap<ServiceKey, SignalSnapshot> newest = new ConcurrentHashMap<>();

  /** Takes the newest signals of a service. */
  public void put(SignalSnapshot snapshot) {
    newest.put(snapshot.key(), snapshot);
  }

  /** A service is forgotten. */
  public void remove(ServiceKey key) {
    newest.remove(key);
  }

  /** The newest signals of a service. */
  public Optional<SignalSnapshot> find(ServiceKey key) {
    return Optional.ofNullable(newest.get(key));
  }

  /** The newest signals of all services, by service and environment. */
  public List<SignalSnapshot> all() {
    return newest.values().stream().sorted(Comparator.comparing(SignalSnapshot::key)).toList();
  }
}
