package dev.watchtower.incident.remediation;

import dev.watchtower.incident.remediation.Repair.Effect;
import dev.watchtower.incident.remediation.Repair.State;
import dev.watchtower.incident.remediation.Telemetry.Reading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether a repair helped. Pure. */
final class Judgement {
  /**
   * What is seen after the action.
   *
   * @param cleared whether the signal that started it has cleared
   * @param healthy whether the process is healthy; asked of restarts only
   * @param reading null where no effect is expected
   */
  record Seen(boolean cleared, boolean healthy, @Nullable Reading reading) {}

  private Judgement() {}

  /**
   * How a repair ends; empty while it has time.
   *
   * @param acted when the action was done: older values say nothing about it
   */
  static Optional<Repairs.End> of(
      Repair repair, Seen seen, Instant acted, Instant checkBy, Instant now) {
    boolean late = now.isAfter(checkBy);
    long seconds = Duration.between(acted, checkBy).toSeconds();
    var expected = repair.order().expected();
    var reading = seen.reading();
    if (expected == null || reading == null) {
      return withoutExpectation(repair, seen, late, seconds);
    }
    boolean restart = repair.order().action().equals("restart");
    return switch (reading) {
      case Reading.Value v when v.at().isAfter(acted) -> {
        boolean holds = expected.holds(v.value());
        if (holds && (!restart || seen.healthy())) {
          yield met("%s is %s".formatted(expected.signal(), shown(v.value())), v.value());
        }
        var why =
            holds
                ? "not healthy within %d s".formatted(seconds)
                : "%s is %s after %d s, expected %s %s"
                    .formatted(
                        expected.signal(),
                        shown(v.value()),
                        seconds,
                        expected.comparison(),
                        expected.value());
        yield late ? Optional.of(end(State.FAILED, Effect.NOT_MET, why, v.value())) : none();
      }
      // A process that did not come back has failed, whatever nobody can measure.
      case Reading r when late && restart && !seen.healthy() ->
          Optional.of(
              end(
                  State.FAILED,
                  Effect.NOT_MET,
                  "not healthy within %d s".formatted(seconds),
                  null));
      case Reading.Value v ->
          late ? unknown("no value of " + expected.signal() + " came after it") : none();
      case Reading.Unknown u -> late ? unknown(u.why()) : none();
    };
  }

  private static Optional<Repairs.End> withoutExpectation(
      Repair repair, Seen seen, boolean late, long seconds) {
    boolean restart = repair.order().action().equals("restart");
    // A signal can clear because the process is gone: then nothing is asked of it any more.
    if (restart ? seen.healthy() : seen.cleared()) {
      return met(
          restart ? "the process is healthy again" : "the signal that started it cleared", null);
    }
    var missed = restart ? "not healthy" : "the signal that started it has not cleared";
    return late
        ? Optional.of(
            end(State.FAILED, Effect.NOT_MET, "%s within %d s".formatted(missed, seconds), null))
        : none();
  }

  private static Optional<Repairs.End> none() {
    return Optional.empty();
  }

  private static Optional<Repairs.End> met(String why, @Nullable Double value) {
    return Optional.of(end(State.SUCCEEDED, Effect.MET, why, value));
  }

  private static Optional<Repairs.End> unknown(String why) {
    return Optional.of(end(State.UNVERIFIED, Effect.UNKNOWN, "effect unknown: " + why, null));
  }

  private static Repairs.End end(State state, Effect effect, String why, @Nullable Double after) {
    return new Repairs.End(state, effect, why, after, false);
  }

  private static String shown(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
