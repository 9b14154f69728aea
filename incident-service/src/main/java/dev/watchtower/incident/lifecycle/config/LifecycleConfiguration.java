package dev.watchtower.incident.lifecycle.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.live.LiveDestinations;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.correlation.Correlation;
import dev.watchtower.incident.lifecycle.EntrySource;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.IncidentListener;
import dev.watchtower.incident.lifecycle.IncidentViews;
import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.QuietPeriod;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.lifecycle.jpa.JdbcRooms;
import dev.watchtower.incident.lifecycle.statemachine.SpringTransitionMachine;
import dev.watchtower.incident.lifecycle.stomp.LiveIncidents;
import dev.watchtower.incident.timeline.Timeline;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class LifecycleConfiguration {
  @Bean
  Lifecycle lifecycle(CatalogSource catalog) {
    return new Lifecycle(
        new SpringTransitionMachine(),
        () -> {
          var incidents = catalog.current().incidents();
          return new QuietPeriod(incidents.autoResolve(), incidents.autoResolveAfter());
        });
  }

  @Bean
  IncidentBook incidentBook(
      Incidents incidents,
      Timeline timeline,
      ObjectProvider<EntrySource> sources,
      ObjectProvider<IncidentListener> listeners) {
    return new IncidentBook(
        incidents, timeline, sources.orderedStream().toList(), listeners.orderedStream().toList());
  }

  @Bean
  IncidentViews incidentViews(JdbcClient jdbc, JsonMapper json, Transactions transactions) {
    return new IncidentViews(new JdbcRooms(jdbc, json), transactions);
  }

  @Bean
  LiveDestinations liveDestinations() {
    return LiveDestinations.of("/topic/incidents", "/topic/incidents.{id}");
  }

  @Bean
  LiveIncidents liveIncidents(LiveTopics topics, IncidentViews views) {
    return new LiveIncidents(topics, views);
  }

  @Bean
  TransitionJournal transitionJournal(MeterRegistry meters) {
    return new TransitionJournal(meters);
  }

  @Bean
  Correlation correlation(CatalogSource catalog) {
    return new Correlation(catalog::current);
  }

  @Bean
  IncidentDesk incidentDesk(
      IncidentBook book, Lifecycle lifecycle, Transactions transactions, Correlation correlation) {
    return new IncidentDesk(book, lifecycle, transactions, correlation::scopeOf);
  }

  @Bean
  Ticker autoResolveTicker(
      IncidentDesk desk,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker("auto-resolve", properties.tick(), clock, migration, desk::autoResolve);
  }
}
