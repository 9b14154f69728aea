package dev.watchtower.incident.notification.outbox;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.incident.analysis.Analyses;
import dev.watchtower.incident.correlation.Groupings;
import dev.watchtower.incident.escalation.EscalationDesk;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.ChannelTester;
import dev.watchtower.incident.notification.NoticeContent;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.Pauses;
import dev.watchtower.incident.notification.Transport;
import dev.watchtower.incident.remediation.Repairs;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The delivery; here, because its parts are nobody else's business. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {
  @Bean
  NoticeContent noticeContent(
      IncidentDesk desk,
      Analyses analyses,
      Repairs repairs,
      EscalationDesk escalations,
      Groupings groupings,
      @Value("${watchtower.public-url}") String publicUrl) {
    return new NoticeContent(
        desk::find,
        analyses::latest,
        repairs::lastFor,
        escalations::isTaken,
        groupings::mergedInto,
        publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl);
  }

  @Bean
  Pauses channelPauses() {
    return new Pauses(System::nanoTime);
  }

  @Bean
  Transports transports(ObjectProvider<Transport<?>> all) {
    return new Transports(all.stream().toList());
  }

  @Bean
  NoticeResults noticeResults(
      Notices notices, IncidentBook book, Transactions transactions, Clock clock) {
    return new NoticeResults(notices, book, transactions, clock);
  }

  @Bean
  OutboxHandler noticeDelivery(
      Notices notices,
      Transports transports,
      Pauses pauses,
      NoticeContent content,
      NoticeResults results,
      CatalogSource catalog,
      Clock clock) {
    return new NoticeDelivery(
        new NoticeDelivery.Parts(notices, transports, pauses, content, results),
        catalog::current,
        clock);
  }

  @Bean
  ChannelTester channelTester(
      Notices notices,
      Transports transports,
      Pauses pauses,
      Transactions transactions,
      CatalogSource catalog,
      Clock clock) {
    return new DirectTester(notices, transports, pauses, transactions, catalog::current, clock);
  }

  @Bean
  OutboxDispatch noticeDispatch(Outbox outbox, Pauses pauses) {
    return new OutboxDispatch(outbox, pauses);
  }
}
