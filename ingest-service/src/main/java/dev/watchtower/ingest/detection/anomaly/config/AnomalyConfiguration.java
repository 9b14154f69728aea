package dev.watchtower.ingest.detection.anomaly.config;

import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.detection.anomaly.ModelKeeper;
import dev.watchtower.ingest.detection.anomaly.SavedModels;
import dev.watchtower.ingest.detection.anomaly.jdbc.JdbcSavedModels;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Anomalies of golden signals; after a restart from saved models and from storage. */
@Configuration(proxyBeanMethods = false)
class AnomalyConfiguration {

  @Bean
  SavedModels savedModels(DataSource dataSource, PgFence fence) {
    return new JdbcSavedModels(dataSource, fence);
  }

  @Bean
  ModelKeeper modelKeeper(
      SavedModels saved,
      @Value("${watchtower.ingest.models-every:10m}") Duration every,
      MeterRegistry meters) {
    ModelKeeper keeper = new ModelKeeper(saved, every.toMillis());
    meters.gauge("watchtower.ingest.anomalies.models.unusable", keeper, ModelKeeper::unusable);
    return keeper;
  }

  @Bean
  ModelWriter modelWriter(ModelKeeper keeper, SavedModels saved, MeterRegistry meters) {
    return new ModelWriter(keeper, saved, meters);
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService anomalyLearner() {
    return Executors.newSingleThreadExecutor(
        Thread.ofPlatform().daemon().name("anomaly-learning").factory());
  }

  @Bean
  AnomalyWatch anomalyWatch(
      CurrentGoldenSignals golden,
      FindingBox box,
      ModelKeeper keeper,
      @Qualifier("anomalyLearner") ExecutorService learner,
      MeterRegistry meters) {
    AnomalyWatch watch =
        new AnomalyWatch(
            (key, window, from, to, step) -> golden.get().history(key, window, from, to, step),
            box,
            keeper,
            learner);
    meters.gauge("watchtower.ingest.anomalies.refused", watch, AnomalyWatch::refused);
    meters.gauge("watchtower.ingest.anomalies.unread", watch, AnomalyWatch::unread);
    return watch;
  }
}
