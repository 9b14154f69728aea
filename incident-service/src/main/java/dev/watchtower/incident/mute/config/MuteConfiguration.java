package dev.watchtower.incident.mute.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.mute.MuteDesk;
import dev.watchtower.incident.mute.MuteWatch;
import dev.watchtower.incident.mute.Mutes;
import dev.watchtower.incident.mute.jdbc.JdbcMutes;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.timeline.Timeline;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class MuteConfiguration {
  @Bean
  Mutes mutes(JdbcClient jdbc, JsonMapper json) {
    return new JdbcMutes(jdbc, json);
  }

  /** Before the other entries: what they say depends on whether the incident is muted. */
  @Bean
  @Order(0)
  MuteDesk muteDesk(
      Mutes mutes,
      Incidents incidents,
      Notices notices,
      Timeline timeline,
      CatalogSource catalog,
      Clock clock) {
    var reach =
        new Reach(
            (id, own) -> notices.reaches(id, own, clock.instant()),
            // What the board would say, without its other questions: this is asked for every pair.
            channel ->
                channel.isConfigured()
                    && notices.fault(channel.name()).filter(fault -> fault.isOf(channel)).isEmpty(),
            timeline::isToldElsewhere,
            catalog::current,
            clock);
    return new MuteDesk(
        mutes,
        incidents,
        id -> !notices.told(id).isEmpty(),
        reach::reaches,
        catalog::current,
        clock);
  }

  @Bean
  Ticker muteTicker(
      Mutes mutes,
      MuteDesk desk,
      Timeline timeline,
      IncidentBook book,
      Transactions transactions,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker(
        "mutes",
        properties.tick(),
        clock,
        migration,
        new MuteWatch(mutes, desk, timeline::isToldElsewhere, book, transactions)::look);
  }
}
