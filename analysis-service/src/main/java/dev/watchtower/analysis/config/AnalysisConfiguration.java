package dev.watchtower.analysis.config;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.watchtower.analysis.evidence.EvidenceCollector;
import dev.watchtower.analysis.evidence.Incidents;
import dev.watchtower.analysis.evidence.Telemetry;
import dev.watchtower.analysis.evidence.http.IncidentClient;
import dev.watchtower.analysis.evidence.http.IngestTelemetry;
import dev.watchtower.analysis.model.Interpreter;
import dev.watchtower.analysis.model.LanguageModel;
import dev.watchtower.analysis.model.ModelGate;
import dev.watchtower.analysis.model.http.JsonAnswerReader;
import dev.watchtower.analysis.model.http.OpenAiLanguageModel;
import dev.watchtower.analysis.ranking.Ranker;
import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.run.Analyst;
import dev.watchtower.analysis.run.Desk;
import dev.watchtower.analysis.run.http.ResultDelivery;
import dev.watchtower.analysis.run.jdbc.JdbcAnalyses;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.lifecycle.Retention;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Puts the service together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AnalysisProperties.class, ModelProperties.class})
class AnalysisConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  /** Sampling, smoothing over ten seconds and retries blur which service went wrong first. */
  private static final Duration ONSET_TOLERANCE = Duration.ofSeconds(10);

  @Bean
  AccessRules accessRules() {
    return AccessRules.builder()
        .allow(POST, "/api/v1/analyses", Scope.RESPOND, Scope.ANALYSIS_REQUEST)
        .allow(POST, "/api/v1/analyses/{id}/feedback", Scope.RESPOND)
        .allow(GET, "/api/v1/**", Scope.READ)
        .build();
  }

  @Bean
  Telemetry telemetry(Peers peers, JsonMapper json, AnalysisProperties properties) {
    return new IngestTelemetry(peers, json, properties.evidenceLimit());
  }

  @Bean
  Incidents incidents(Peers peers, AnalysisProperties properties) {
    return new IncidentClient(peers, properties.evidenceLimit());
  }

  @Bean
  Interpreter interpreter(
      ModelProperties model,
      AnalysisProperties properties,
      CatalogSource catalog,
      JsonMapper json,
      Clock clock) {
    return new Interpreter(
        model(model, properties.model(), catalog),
        new JsonAnswerReader(json),
        new ModelGate(properties.model().tokensPerDay()),
        clock,
        properties.workers());
  }

  private static @Nullable LanguageModel model(
      ModelProperties model, AnalysisProperties.Model limits, CatalogSource catalog) {
    if (!model.isConfigured()) {
      LOG.info("no model configured: analyses rest on statistics alone");
      return null;
    }
    LOG.atInfo()
        .addKeyValue("model", model.modelName())
        .addKeyValue("address", model.address())
        .log("a model words the analyses");
    return new OpenAiLanguageModel(
        model.address(),
        model.key(),
        model.modelName(),
        limits.answerTokens(),
        catalog.current().analysis().deadline());
  }

  @Bean
  Analyses analyses(
      JdbcClient sql,
      PlatformTransactionManager transactions,
      Outbox outbox,
      JsonMapper json,
      AnalysisProperties properties) {
    return new JdbcAnalyses(
        sql,
        new TransactionTemplate(transactions),
        outbox,
        json,
        properties.instance(),
        UUID.randomUUID().toString());
  }

  @Bean
  Retention retention(Analyses analyses, AnalysisProperties properties) {
    return new Retention("watchtower.analysis.retention", analyses::remove, properties.retention());
  }

  @Bean
  OutboxHandler resultDelivery(Peers peers) {
    return new ResultDelivery(peers, JdbcAnalyses.RESULTS);
  }

  @Bean
  Desk desk(
      Analyses analyses,
      Incidents incidents,
      Telemetry telemetry,
      Interpreter interpreter,
      CatalogSource catalog,
      Clock clock,
      AnalysisProperties properties) {
    var analyst =
        new Analyst(
            new EvidenceCollector(telemetry, incidents),
            new Ranker(ONSET_TOLERANCE),
            interpreter,
            clock,
            properties.evidenceLimit());
    return new Desk(
        analyses,
        incidents,
        analyst,
        catalog::current,
        clock,
        properties.followUpAfter(),
        new Desk.Limits(properties.workers(), properties.queue()),
        AnalysisConfiguration::log);
  }

  private static void log(Desk.Event event) {
    (event.error() == null ? LOG.atInfo() : LOG.atWarn().setCause(event.error()))
        .addKeyValue("analysis", event.analysis())
        .log(event.what());
  }
}
