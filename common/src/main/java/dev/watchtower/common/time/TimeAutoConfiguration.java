package dev.watchtower.common.time;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * The one clock and the one source of randomness of a service; a test puts its own in their place.
 */
@AutoConfiguration
@ConditionalOnProperty("watchtower.service")
public class TimeAutoConfiguration {
  /** In microseconds, as PostgreSQL keeps times: what is answered now is what is read later. */
  @Bean
  @ConditionalOnMissingBean
  @SystemEdge("the clock that everything else is given")
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));
  }

  @Bean
  @ConditionalOnMissingBean
  RandomGenerator randomGenerator() {
    return new java.security.SecureRandom();
  }
}
