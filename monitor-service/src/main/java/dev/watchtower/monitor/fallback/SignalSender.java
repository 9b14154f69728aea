package dev.watchtower.monitor.fallback;

import dev.watchtower.common.wire.Signal;
import java.time.Duration;

/** Hands signals to incident-service. */
@FunctionalInterface
public interface SignalSender {
  /** What became of an attempt. */
  sealed interface Outcome {
    /**
     * incident-service has it.
     *
     * @param repeated it had it before, as it was sent then
     * @param late by its clock it came too late, so that it tells nobody
     */
    record Accepted(boolean repeated, boolean late) implements Outcome {}

    /** It will never take it. */
    record Refused(String reason) implements Outcome {}

    /** Not this time. */
    record Failed(String reason) implements Outcome {}
  }

  /** One attempt, over within {@code limit} or shortly after. */
  Outcome send(Signal signal, Duration limit);
}
