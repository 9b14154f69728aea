package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.monitor.live.Upstream;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.HealthView;
import dev.watchtower.monitor.probe.Observed;
import dev.watchtower.monitor.probe.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.scheduling.annotation.Scheduled;

/** {@code /topic/health}: each change at once, and everything every few seconds. */
class HealthTopic {
  /** The message. */
  record Message(long seq, Instant asOf, List<HealthView> health) {}

  private final HealthBoard board;
  private final LiveTopics topics;
  private final Clock clock;

  HealthTopic(HealthBoard board, LiveTopics topics, Clock clock) {
    this.board = board;
    this.topics = topics;
    this.clock = clock;
    board.onResult(this::observed);
  }

  private void observed(Target target, Observed before, Observed after, Instant now) {
    if (before.state() != after.state()) {
      board
          .of(target.name())
          .ifPresent(
              view -> topics.publish(Upstream.HEALTH, seq -> new Message(seq, now, List.of(view))));
    }
  }

  @Scheduled(fixedDelay = 5_000)
  void all() {
    topics.publish(Upstream.HEALTH, seq -> new Message(seq, clock.instant(), board.all()));
  }
}
