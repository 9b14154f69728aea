package dev.watchtower.incident.escalation.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.escalation.EscalationDesk;
import dev.watchtower.incident.escalation.Escalations;
import dev.watchtower.incident.escalation.Escalator;
import dev.watchtower.incident.escalation.UrgentDesk;
import dev.watchtower.incident.escalation.jdbc.JdbcEscalations;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.mute.MuteDesk;
import dev.watchtower.incident.mute.Muting;
import dev.watchtower.incident.notification.ChannelBoard;
import dev.watchtower.incident.notification.Dispatch;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.remediation.Repairer;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class EscalationConfiguration {
  @Bean
  Escalations escalations(JdbcClient jdbc) {
    return new JdbcEscalations(jdbc);
  }

  @Bean
  EscalationDesk escalationDesk(Escalations escalations, CatalogSource catalog, Clock clock) {
    return new EscalationDesk(escalations, () -> catalog.current().escalation(), clock);
  }

  /** Whom nobody has answered goes on being asked for, of what took the incident in. */
  @Bean
  Merger.Urgency escalationFollowsWhatIsMerged(EscalationDesk desk) {
    return desk::tookIn;
  }

  @Bean
  Escalator escalator(
      Escalations escalations,
      IncidentBook book,
      Transactions transactions,
      CatalogSource catalog,
      MuteDesk mutes,
      Escalator.Messenger messenger) {
    return new Escalator(
        escalations,
        book,
        transactions,
        catalog::current,
        (incident, now) -> mutes.mutingOf(incident, now).map(Muting::why),
        messenger);
  }

  @Bean
  Escalator.Messenger escalationMessenger(
      Notices notices, ChannelBoard board, Dispatch dispatch, CatalogSource catalog) {
    return new EscalationMessages(notices, board, dispatch, catalog::current);
  }

  @Bean
  Repairer.Alarm repairAlarm(
      Escalations escalations,
      IncidentBook book,
      CatalogSource catalog,
      MuteDesk mutes,
      Escalator.Messenger messenger,
      @Qualifier("escalationTicker") ObjectProvider<Ticker> ticker) {
    var desk =
        new UrgentDesk(
            escalations,
            book,
            catalog::current,
            (incident, now) -> mutes.mutingOf(incident, now).map(Muting::why),
            messenger,
            () -> Ticker.kickAfterCommit(ticker));
    return desk::raise;
  }

  @Bean
  Ticker escalationTicker(
      Escalator escalator,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker("escalations", properties.tick(), clock, migration, escalator::runDue);
  }
}
