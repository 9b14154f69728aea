package dev.watchtower.monitor.lastknown.config;

import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.lastknown.LastKnownStore;
import dev.watchtower.monitor.lastknown.http.PeerRefresh;
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

  /** Writes what changed, and reads what no topic tells of: SLOs and planned work. */
  @Component
  static class Upkeep {
    private final LastKnown known;
    private final PeerRefresh peers;
    private final Clock clock;

    Upkeep(LastKnown known, PeerRefresh peers, Clock clock) {
      this.known = known;
      this.peers = peers;
      this.clock = clock;
    }

    @Scheduled(fixedDelay = 5_000)
    void flush() {
      known.flush(clock.instant());
    }

    @Scheduled(initialDelay = 30_000, fixedDelay = 30_000)
    void slo() {
      if (known.isConnected("ingest")) {
        peers.refreshSlo();
      }
    }

    @Scheduled(fixedDelayString = "${watchtower.monitor.maintenance-refresh:PT10S}")
    void maintenance() {
      if (known.isConnected("incident")) {
        peers.refreshMaintenance();
      }
    }
  }
}
