package dev.watchtower.incident.analysis.config;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.incident.analysis.Analyses;
import dev.watchtower.incident.analysis.AnalysisDesk;
import dev.watchtower.incident.analysis.http.AnalysisRequests;
import dev.watchtower.incident.analysis.jdbc.JdbcAnalyses;
import dev.watchtower.incident.correlation.Correlation;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class AnalysisConfiguration {
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  @Bean
  Analyses analyses(JdbcClient jdbc, JsonMapper json) {
    return new JdbcAnalyses(jdbc, json);
  }

  @Bean
  AnalysisRequests analysisRequests(Outbox outbox, Peers peers) {
    return new AnalysisRequests(outbox, peers);
  }

  @Bean
  AnalysisDesk analysisDesk(
      Analyses analyses,
      IncidentBook book,
      Transactions transactions,
      Correlation correlation,
      JsonMapper json) {
    return new AnalysisDesk(
        analyses,
        book,
        transactions,
        correlation::depends,
        // Through the text, so that the data holds what a reader of the timeline gets.
        analysis -> json.readValue(json.writeValueAsString(analysis), OBJECT));
  }
}
