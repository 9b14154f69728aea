package dev.watchtower.incident.lifecycle.jpa;

import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The signals of incidents that changed lately, by the version that they belong to: an incident in
 * a storm has hundreds, and each change would read all of them again. A version is committed once,
 * whoever does it, so what is found under it is what the database has. Thread-safe.
 *
 * <p>Bounded by about {@value #MAX_BYTES} bytes; the incident that was silent longest gives way.
 */
final class SignalCache {
  static final long MAX_BYTES = 8 << 20;
  private static final int EACH = 400;

  private record Kept(long version, List<IncidentSignal> signals, long bytes) {}

  private final Map<UUID, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  /** The signals of an incident in that version, if they are kept. */
  synchronized Optional<List<IncidentSignal>> find(UUID incident, long version) {
    return Optional.ofNullable(kept.get(incident))
        .filter(one -> one.version() == version)
        .map(Kept::signals);
  }

  /** Keeps the signals of a version that is committed. */
  synchronized void keep(UUID incident, long version, List<IncidentSignal> signals) {
    var known = kept.get(incident);
    if (known != null && known.version() >= version) {
      return;
    }
    var fresh = new Kept(version, signals, signals.stream().mapToLong(SignalCache::bytesOf).sum());
    kept.put(incident, fresh);
    bytes += fresh.bytes() - (known == null ? 0 : known.bytes());
    Iterator<Kept> eldest = kept.values().iterator();
    while (bytes > MAX_BYTES && eldest.hasNext()) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
  }

  /** Forgets those of an incident that changes no more. */
  synchronized void forget(UUID incident) {
    var known = kept.remove(incident);
    bytes -= known == null ? 0 : known.bytes();
  }

  private static long bytesOf(IncidentSignal signal) {
    long text = (long) signal.fingerprint().length() + signal.summary().length();
    var evidence = signal.evidence();
    if (evidence != null) {
      text += evidence.expression().length();
      for (var label : evidence.labels().entrySet()) {
        text += (long) EACH / 4 + label.getKey().length() + label.getValue().length();
      }
    }
    return EACH + 2 * text;
  }
}
