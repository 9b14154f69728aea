package dev.watchtower.incident.measures.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.incident.measures.Measures;
import dev.watchtower.incident.measures.jdbc.JdbcMeasures;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class MeasureConfiguration {
  @Bean
  Measures measures(JdbcClient jdbc) {
    return new JdbcMeasures(jdbc);
  }

  @Bean
  MeasureMeters measureMeters(MeterRegistry meters, CatalogSource catalog) {
    return new MeasureMeters(meters, catalog::current);
  }
}
