package dev.watchtower.incident.signals;

import dev.watchtower.common.catalog.IncidentRules.Flap;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import java.util.Optional;

/**
 * Decides whether a change of a signal is one of too many. Pure.
 *
 * <p>A signal begins to flap with its {@code changes}-th change within {@code within}, and flaps on
 * until it has kept still for {@code calm}: two limits, so that it does not flap in and out of
 * flapping.
 */
public final class FlapPolicy {
  /** What a change means. */
  public enum Verdict {
    /** An ordinary change. */
    STEADY,
    /** With this one the signal flaps. */
    BEGINS,
    /** One more of a signal that flaps. */
    GOES_ON
  }

  private FlapPolicy() {}

  /**
   * What the change of a signal means.
   *
   * @param known the signal before it
   * @param earlier how often it has changed in the same incident within {@code flap.within()}
   */
  public static Verdict of(Optional<IncidentSignal> known, int earlier, Flap flap) {
    if (flap.changes() == 0) {
      return Verdict.STEADY;
    }
    if (known.filter(IncidentSignal::flapping).isPresent()) {
      return Verdict.GOES_ON;
    }
    return earlier + 1 >= flap.changes() ? Verdict.BEGINS : Verdict.STEADY;
  }
}
