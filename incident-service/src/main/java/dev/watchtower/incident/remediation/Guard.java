package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Playbook;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Decides whether a playbook may act now. Pure. */
public final class Guard {
  private static final Duration HOUR = Duration.ofHours(1);

  private Guard() {}

  /**
   * Why {@code playbook} must not act on a service now; empty if it may.
   *
   * @param starts what was started for the service, or on what the playbook acts on, during the
   *     last hour and the cooldown, by whichever playbook, in any order: for the cooldown all of it
   *     counts, for the limit what the playbook itself did
   * @param busy whether one is under way
   */
  public static Optional<String> objection(
      Playbook playbook, List<Repairs.Start> starts, boolean busy, Instant now) {
    if (busy) {
      return Optional.of("another repair of the service, or of the process, is under way");
    }
    var last = starts.stream().max(Comparator.comparing(Repairs.Start::at));
    if (last.isPresent()) {
      var left = Duration.between(now, last.get().at().plus(playbook.cooldown()));
      if (left.isPositive()) {
        return Optional.of(
            "cooldown: %s acted %d s ago, and nothing is done again for another %d s"
                .formatted(
                    last.get().playbook(),
                    Duration.between(last.get().at(), now).toSeconds(),
                    left.plusMillis(999).toSeconds()));
      }
    }
    long recent =
        starts.stream()
            .filter(start -> start.playbook().equals(playbook.name()))
            .filter(start -> start.at().isAfter(now.minus(HOUR)))
            .count();
    return recent >= playbook.limitPerHour()
        ? Optional.of(
            "limit: %s acted %d times within the last hour already"
                .formatted(playbook.name(), recent))
        : Optional.empty();
  }
}
