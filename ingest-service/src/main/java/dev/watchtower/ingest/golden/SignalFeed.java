package dev.watchtower.ingest.golden;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the signals of each service at most once a second: at once after a quiet time, else the
 * newest when the second is over. For one thread.
 */
public final class SignalFeed {
  // A sender that sends every second must not lose every other message to jitter.
  private static final long INTERVAL_NANOS = 900_000_000;

  private record Sent(long nanos, @Nullable SignalSnapshot waiting) {}

  private final Consumer<SignalSnapshot> out;
  private final Map<ServiceKey, Sent> sent = new HashMap<>();

  /** A feed into {@code out}. */
  public SignalFeed(Consumer<SignalSnapshot> out) {
    this.out = out;
  }

  /** New signals. */
  public void offer(SignalSnapshot snapshot, long nanos) {
    Sent last = sent.get(snapshot.key());
    if (last == null || nanos - last.nanos() >= INTERVAL_NANOS) {
      sent.put(snapshot.key(), new Sent(nanos, null));
      out.accept(snapshot);
    } else {
      sent.put(snapshot.key(), new Sent(last.nanos(), snapshot));
    }
  }

  /** Passes on what has waited long enough. */
  public void flush(long nanos) {
    for (Map.Entry<ServiceKey, Sent> entry : sent.entrySet()) {
      SignalSnapshot waiting = entry.getValue().waiting();
      if (waiting != null && nanos - entry.getValue().nanos() >= INTERVAL_NANOS) {
        entry.setValue(new Sent(nanos, null));
        out.accept(waiting);
      }
    }
  }

  /** Forgets a service. */
  public void remove(ServiceKey key) {
    sent.remove(key);
  }
}
