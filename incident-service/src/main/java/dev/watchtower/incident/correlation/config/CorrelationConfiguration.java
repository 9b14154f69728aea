package dev.watchtower.incident.correlation.config;

import dev.watchtower.incident.correlation.Correlation;
import dev.watchtower.incident.correlation.GroupingDesk;
import dev.watchtower.incident.correlation.Groupings;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.correlation.jdbc.JdbcGroupings;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.Transactions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class CorrelationConfiguration {
  @Bean
  Groupings groupings(JdbcClient jdbc) {
    return new JdbcGroupings(jdbc);
  }

  @Bean
  Merger merger(
      IncidentBook book,
      Lifecycle lifecycle,
      Groupings groupings,
      Merger.Followers followers,
      Merger.Audience audience,
      Merger.Urgency urgency) {
    return new Merger(book, lifecycle, groupings, followers, audience, urgency);
  }

  @Bean
  GroupingDesk groupingDesk(
      IncidentBook book,
      Lifecycle lifecycle,
      Groupings groupings,
      Merger.Followers followers,
      Merger merger,
      Transactions transactions,
      Correlation correlation) {
    return new GroupingDesk(
        book, lifecycle, groupings, followers, merger, transactions, correlation::scopeOf);
  }
}
