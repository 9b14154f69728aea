package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.incident.analysis.Analyses;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.NoticeListener;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.remediation.Repairs;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The delivery to Discord; here, because its parts are nobody else's business. */
@Configuration(proxyBeanMethods = false)
class DiscordConfiguration {
  @Bean
  ChannelBoard channelBoard(Notices notices, CatalogSource catalog) {
    return new ChannelBoard(notices, catalog::current);
  }

  @Bean
  NoticeContent noticeContent(
      IncidentDesk desk,
      Analyses analyses,
      Repairs repairs,
      @Value("${watchtower.public-url}") String publicUrl) {
    return new NoticeContent(
        desk::find,
        analyses::latest,
        repairs::lastFor,
        publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl);
  }

  @Bean
  OutboxHandler discordDelivery(
      Notices notices,
      NoticeContent content,
      IncidentBook book,
      Transactions transactions,
      CatalogSource catalog,
      JsonMapper json,
      Clock clock) {
    return new DiscordDelivery(
        new DiscordDelivery.Parts(
            notices,
            new DiscordWebhook(json),
            new Pauses(System::nanoTime),
            content,
            new NoticeResults(notices, book, transactions, clock)),
        catalog::current,
        clock);
  }

  @Bean
  NoticeListener.Dispatch noticeDispatch(dev.watchtower.common.outbox.Outbox outbox) {
    return (channel, notice) ->
        outbox.append(channel, DiscordDelivery.TOPIC, new DiscordDelivery.Ref(notice));
  }
}
