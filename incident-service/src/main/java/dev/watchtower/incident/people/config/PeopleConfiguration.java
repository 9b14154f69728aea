package dev.watchtower.incident.people.config;

import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.people.People;
import dev.watchtower.incident.people.PeopleDesk;
import dev.watchtower.incident.people.TaskDesk;
import dev.watchtower.incident.people.jdbc.JdbcPeople;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class PeopleConfiguration {
  @Bean
  People people(JdbcClient jdbc) {
    return new JdbcPeople(jdbc);
  }

  @Bean
  PeopleDesk peopleDesk(IncidentBook book, People people, Transactions transactions) {
    return new PeopleDesk(book, people, transactions);
  }

  @Bean
  TaskDesk taskDesk(IncidentBook book, People people, Transactions transactions) {
    return new TaskDesk(book, people, transactions);
  }
}
