package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.security.RevocationSource;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.Dispatch;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.Pauses;
import dev.watchtower.incident.notification.http.HttpSender;
import dev.watchtower.incident.notification.jdbc.JdbcSeenInteractions;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class DiscordConfiguration {
  /** What Discord lets one address of the network do, whatever its webhooks. */
  private static final int CALLS_PER_SECOND = 50;

  @Bean
  DiscordWebhook discordWebhook(HttpSender http, JsonMapper json) {
    return new DiscordWebhook(http, json, new TokenBucket(CALLS_PER_SECOND, System::nanoTime));
  }

  @Bean
  DiscordTransport discordTransport(DiscordWebhook webhook, CatalogSource catalog) {
    return new DiscordTransport(
        webhook, () -> catalog.current().notifications().discordApplication().isConfigured());
  }

  @Bean
  Interactions discordInteractions(
      IncidentDesk desk,
      JdbcClient jdbc,
      CatalogSource catalog,
      RevocationSource revocations,
      JsonMapper json) {
    return new Interactions(
        desk,
        new JdbcSeenInteractions(jdbc),
        () -> catalog.current().notifications().discordApplication(),
        revocations.revoked(),
        json);
  }

  @Bean
  Ticker cardTicker(
      Notices notices,
      Dispatch dispatch,
      IncidentBook book,
      Transactions transactions,
      DiscordWebhook webhook,
      Pauses pauses,
      CatalogSource catalog,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    var parts = new CardWatch.Parts(notices, dispatch, book, transactions, webhook, pauses);
    return new Ticker(
        "cards", properties.tick(), clock, migration, new CardWatch(parts, catalog::current)::look);
  }
}
