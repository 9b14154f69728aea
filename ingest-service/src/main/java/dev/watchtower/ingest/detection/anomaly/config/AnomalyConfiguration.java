package dev.watchtower.ingest.detection.anomaly.config;

import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Anomalies of golden signals, learnt from storage after a restart. */
@Configuration(proxyBeanMethods = false)
class AnomalyConfiguration {

  @Bean
  AnomalyWatch anomalyWatch(CurrentGoldenSignals golden, FindingBox box, MeterRegistry meters) {
    AnomalyWatch watch =
        new AnomalyWatch(
            (key, window, from, to, step) -> golden.get().history(key, window, from, to, step),
            box);
    meters.gauge("watchtower.ingest.anomalies.refused", watch, AnomalyWatch::refused);
    meters.gauge("watchtower.ingest.anomalies.unread", watch, AnomalyWatch::unread);
    return watch;
  }
}
