package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Playbook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides whether a playbook may act now. Pure. */
public final class Guard {
  private static final Duration HOUR = Duration.ofHours(1);

  private Guard() {}

  /**
   * Why {@code playbook} must not act on a service now; empty if it may.
   *
   * @param starts when actions on the service were started during the last hour, in any order
   * @param busy whether one is under way
   */
  public static Optional<String> objection(
      Playbook playbook, List<Instant> starts, boolean busy, Instant now) {
    if (busy) {
      return Optional.of("another repair of the service, or of the process, is under way");
    }
    var last = starts.stream().max(Instant::compareTo);
    if (last.isPresent()) {
      var left = Duration.between(now, last.get().plus(playbook.cooldown()));
      if (left.isPositive()) {
        return Optional.of(
            "cooldown: it was done %d s ago, and not again for another %d s"
                .formatted(
                    Duration.between(last.get(), now).toSeconds(),
                    left.plusMillis(999).toSeconds()));
      }
    }
    long recent = starts.stream().filter(at -> at.isAfter(now.minus(HOUR))).count();
    return recent >= playbook.limitPerHour()
        ? Optional.of("limit: %d times within the last hour already".formatted(recent))
        : Optional.empty();
  }
}
