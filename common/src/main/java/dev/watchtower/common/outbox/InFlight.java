package dev.watchtower.common.outbox;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rows that this process is delivering. Their leases are renewed for two minutes at most; a
 * delivery that hangs longer loses its row to whoever comes next.
 */
final class InFlight {
  private static final long MAX_NANOS = Duration.ofMinutes(2).toNanos();

  private final OutboxStore store;
  private final Duration lease;
  private final Map<OutboxStore.Claim, Long> since = new ConcurrentHashMap<>();

  InFlight(OutboxStore store, Duration lease) {
    this.store = store;
    this.lease = lease;
  }

  void add(OutboxStore.Claim claim) {
    since.put(claim, System.nanoTime());
  }

  void remove(OutboxStore.Claim claim) {
    since.remove(claim);
  }

  void renew() {
    long now = System.nanoTime();
    var held =
        since.entrySet().stream()
            .filter(e -> now - e.getValue() < MAX_NANOS)
            .map(Map.Entry::getKey)
            .toList();
    if (!held.isEmpty()) {
      store.renew(held, lease);
    }
  }
}
