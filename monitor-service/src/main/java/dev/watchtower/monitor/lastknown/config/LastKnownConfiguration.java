package dev.watchtower.monitor.lastknown.config;

import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.lastknown.LastKnownStore;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Configuration(proxyBeanMethods = false)
class LastKnownConfiguration {
  @Bean
  LastKnown lastKnown(LastKnownStore store) {
    return new LastKnown(store);
  }

  /** Writes what changed; a failure is logged by the scheduler and the next turn tries again. */
  @Component
  static class Flush {
    private final LastKnown known;
    private final Clock clock;

    Flush(LastKnown known, Clock clock) {
      this.known = known;
      this.clock = clock;
    }

    @Scheduled(fixedDelay = 5_000)
    void flush() {
      known.flush(clock.instant());
    }
  }
}
