package dev.watchtower.ingest.detection.change;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a deployment, with its numbers.
 *
 * @param id the event, together with {@code source}
 * @param summary what the event says
 * @param time when it was deployed
 * @param complete whether the window after it is over; until then the verdict may change
 * @param before the window before it
 * @param after the window after it, as far as there is data
 * @param why in one sentence
 */
public record DeploymentVerdict(
    String id,
    String source,
    String type,
    String summary,
    @Nullable String service,
    @Nullable String env,
    Instant time,
    Verdict verdict,
    boolean complete,
    Window before,
    Window after,
    List<SignalVerdict> signals,
    String why) {
  public DeploymentVerdict {
    signals = List.copyOf(signals);
  }

  /** A time, both ends included. */
  public record Window(Instant from, Instant to) {}
}
