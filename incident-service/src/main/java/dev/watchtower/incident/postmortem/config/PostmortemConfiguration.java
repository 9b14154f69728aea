package dev.watchtower.incident.postmortem.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.http.Peers;
import dev.watchtower.incident.analysis.Analyses;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.correlation.DependencyGraph;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.people.People;
import dev.watchtower.incident.postmortem.PostmortemDesk;
import dev.watchtower.incident.postmortem.PostmortemListener;
import dev.watchtower.incident.postmortem.Postmortems;
import dev.watchtower.incident.postmortem.http.AnalysisVerdicts;
import dev.watchtower.incident.postmortem.http.IngestImpact;
import dev.watchtower.incident.postmortem.jdbc.JdbcPostmortems;
import dev.watchtower.incident.timeline.Timeline;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class PostmortemConfiguration {
  @Bean
  Postmortems postmortems(JdbcClient jdbc, JsonMapper json) {
    return new JdbcPostmortems(jdbc, json);
  }

  @Bean
  PostmortemListener postmortemListener(
      Postmortems postmortems,
      @Qualifier("postmortemTicker") ObjectProvider<Ticker> ticker,
      Clock clock) {
    return new PostmortemListener(postmortems, () -> Ticker.kickAfterCommit(ticker), clock);
  }

  @Bean
  PostmortemDesk postmortemDesk(
      Postmortems postmortems,
      IncidentBook book,
      Timeline timeline,
      Analyses analyses,
      People people,
      Peers peers,
      CatalogSource catalog,
      Transactions transactions) {
    return new PostmortemDesk(
        postmortems,
        book,
        timeline,
        new PostmortemDesk.Sources(
            analyses::latest,
            people::tasks,
            service -> DependencyGraph.of(catalog.current()).dependantsOf(service),
            new IngestImpact(peers, catalog::current),
            new AnalysisVerdicts(peers)),
        transactions);
  }

  @Bean
  Ticker postmortemTicker(
      PostmortemDesk desk,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker("postmortems", properties.tick(), clock, migration, desk::draftDue);
  }
}
