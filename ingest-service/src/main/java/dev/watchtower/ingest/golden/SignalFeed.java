package dev.watchtower.ingest.golden;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the signals of each service at most once a second: at once after a quiet time, else the
 * newest when the second is over. For one thread.
 */
public final class SignalFeed {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

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

  /**
   * Passes on what has waited long enough.
   *
   * @return nanoseconds until the next of those that wait will have, a second at most: a sender
   *     that sends every second must not lose messages because this is called too late
   */
  public long flush(long nanos) {
    long next = INTERVAL_NANOS;
    for (Map.Entry<ServiceKey, Sent> entry : sent.entrySet()) {
      SignalSnapshot waiting = entry.getValue().waiting();
      if (waiting == null) {
        continue;
      }
      long left = entry.getValue().nanos() + INTERVAL_NANOS - nanos;
      if (left <= 0) {
        entry.setValue(new Sent(nanos, null));
        out.accept(waiting);
      } else {
        next = Math.min(next, left);
      }
    }
    return next;
  }

  /** Forgets a service. */
  public void remove(ServiceKey key) {
    sent.remove(key);
  }
}
