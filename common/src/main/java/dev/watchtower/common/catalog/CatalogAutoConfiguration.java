package dev.watchtower.common.catalog;

import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** The catalog, in every service. */
@AutoConfiguration
@ConditionalOnProperty("watchtower.service")
public class CatalogAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  CatalogSource catalogSource(
      @Value("${watchtower.catalog}") String file,
      @Value("${watchtower.silent:false}") boolean silent,
      Clock clock) {
    return new CatalogSource(Path.of(file), new CatalogParser(System::getenv), clock, silent);
  }

  @Bean
  @ConditionalOnMissingBean
  CatalogHealthIndicator catalogHealthIndicator(CatalogSource source) {
    return new CatalogHealthIndicator(source);
  }
}
