package dev.watchtower.incident.remediation.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.http.Peers;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.mute.MuteDesk;
import dev.watchtower.incident.mute.Muting;
import dev.watchtower.incident.remediation.Approvals;
import dev.watchtower.incident.remediation.Gate;
import dev.watchtower.incident.remediation.RepairListener;
import dev.watchtower.incident.remediation.RepairPool;
import dev.watchtower.incident.remediation.Repairer;
import dev.watchtower.incident.remediation.Repairs;
import dev.watchtower.incident.remediation.http.HttpPerformer;
import dev.watchtower.incident.remediation.http.IngestTelemetry;
import dev.watchtower.incident.remediation.jdbc.JdbcRepairs;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class RemediationConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(RemediationConfiguration.class);

  /** For how many services repairs are done at a time. */
  private static final int AT_ONCE = 4;

  @Bean
  Repairs repairs(JdbcClient jdbc) {
    return new JdbcRepairs(jdbc);
  }

  /** What is planned or under way for a signal goes with it when people merge or split. */
  @Bean
  Merger.Followers repairsFollowTheirSignals(Repairs repairs) {
    return repairs::move;
  }

  @Bean
  RepairListener repairListener(
      Repairs repairs,
      CatalogSource catalog,
      @Qualifier("repairTicker") ObjectProvider<Ticker> ticker,
      Clock clock) {
    return new RepairListener(
        repairs, () -> catalog.current().playbooks(), () -> Ticker.kickAfterCommit(ticker), clock);
  }

  @Bean
  Approvals approvals(
      Repairs repairs,
      IncidentBook book,
      Transactions transactions,
      @Qualifier("repairTicker") ObjectProvider<Ticker> ticker,
      Clock clock) {
    return new Approvals(repairs, book, transactions, () -> Ticker.kickAfterCommit(ticker), clock);
  }

  @Bean
  Gate repairGate(Repairs repairs, IncidentBook book, MuteDesk mutes, CatalogSource catalog) {
    return new Gate(
        repairs,
        book.incidents(),
        (signal, service, env, now) ->
            mutes.maintenanceOf(signal, service, env, now).map(Muting::why),
        process ->
            catalog.current().service(process).map(service -> service.environments().getFirst()));
  }

  @Bean
  RepairPool repairPool(@Qualifier("repairTicker") ObjectProvider<Ticker> ticker) {
    return new RepairPool(
        AT_ONCE,
        failure -> LOG.atWarn().setCause(failure).log("a repair was not finished; it is checked"),
        () -> ticker.ifAvailable(Ticker::kick));
  }

  @Bean
  Repairer repairer(
      Repairs repairs,
      Gate gate,
      RepairPool pool,
      Peers peers,
      JsonMapper json,
      Repairer.Alarm alarm,
      IncidentBook book,
      Transactions transactions,
      CatalogSource catalog,
      Clock clock) {
    return new Repairer(
        repairs,
        gate,
        new HttpPerformer(peers, json, clock),
        pool,
        new IngestTelemetry(peers),
        alarm,
        book,
        transactions,
        () -> catalog.current().playbooks(),
        clock);
  }

  @Bean
  Ticker repairTicker(
      Repairer repairer,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker("repairs", properties.tick(), clock, migration, repairer::runDue);
  }
}
