package dev.watchtower.monitor.config;

import dev.watchtower.monitor.fallback.Outages;
import dev.watchtower.monitor.statuspage.PublicHistory;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps the database from growing for ever; uptime sees to its own tables. */
@Component
class Retention {
  private static final Duration OUTAGES = Duration.ofDays(90);

  private final Outages outages;
  private final PublicHistory history;
  private final Clock clock;

  Retention(Outages outages, PublicHistory history, Clock clock) {
    this.outages = outages;
    this.history = history;
    this.clock = clock;
  }

  @Scheduled(initialDelay = 1, fixedDelay = 360, timeUnit = TimeUnit.MINUTES)
  void forget() {
    var now = clock.instant();
    outages.forget(now.minus(OUTAGES));
    history.forget(now.minus(Duration.ofDays(UptimeHistory.DAYS)));
  }
}
