package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import dev.watchtower.monitor.live.Upstream;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.HealthView;
import dev.watchtower.monitor.probe.Observed;
import dev.watchtower.monitor.probe.Target;
import dev.watchtower.monitor.statuspage.StatusBoard;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/** {@code /topic/health}: each change at once, and everything every few seconds. */
class HealthTopic {
  private static final Logger LOG = LoggerFactory.getLogger(HealthTopic.class);

  /** The message of a change. */
  record Change(long seq, Instant asOf, List<HealthView> health) {}

  /** The status page in a line. */
  record Page(String indicator, String description) {}

  /**
   * The message with everything, for whoever was not there when it changed.
   *
   * @param lost the sources whose live data is interrupted
   * @param waitingAlerts what waits for Discord; null when it could not be read
   * @param catalogFaults the first faults of a newer edit that is refused; empty when there is none
   */
  record Everything(
      long seq,
      Instant asOf,
      List<HealthView> health,
      List<LiveRelay.Lost> lost,
      Page statusPage,
      @Nullable List<DiscordDesk.ChannelState> waitingAlerts,
      List<String> catalogFaults) {}

  private final HealthBoard board;
  private final LiveRelay relay;
  private final StatusBoard status;
  private final DiscordDesk discord;
  private final CatalogSource catalog;
  private final LiveTopics topics;
  private final Clock clock;

  HealthTopic(
      HealthBoard board,
      LiveRelay relay,
      StatusBoard status,
      DiscordDesk discord,
      CatalogSource catalog,
      LiveTopics topics,
      Clock clock) {
    this.board = board;
    this.relay = relay;
    this.status = status;
    this.discord = discord;
    this.catalog = catalog;
    this.topics = topics;
    this.clock = clock;
    board.onResult(this::observed);
  }

  private void observed(Target target, Observed before, Observed after, Instant now) {
    if (before.state() != after.state()) {
      board
          .of(target.name())
          .ifPresent(
              view -> topics.publish(Upstream.HEALTH, seq -> new Change(seq, now, List.of(view))));
    }
  }

  @Scheduled(fixedDelay = 5_000)
  void all() {
    var now = clock.instant();
    var report = status.report(now);
    var page = new Page(report.indicator().word(), report.description());
    var waiting = waitingAlerts();
    var faults = catalog.state().firstFaults();
    topics.publish(
        Upstream.HEALTH,
        seq -> new Everything(seq, now, board.all(), relay.lost(), page, waiting, faults));
  }

  private @Nullable List<DiscordDesk.ChannelState> waitingAlerts() {
    try {
      return discord.states();
    } catch (RuntimeException e) {
      // A store that fails must not keep the rest from the browsers.
      LOG.atWarn().setCause(e).log("what waits for Discord could not be read");
      return null;
    }
  }
}
