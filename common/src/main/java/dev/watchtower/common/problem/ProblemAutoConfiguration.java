package dev.watchtower.common.problem;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** Problem documents for every error of a service. */
@AutoConfiguration(
    afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnProperty("watchtower.service")
public class ProblemAutoConfiguration {
  @Bean
  ProblemWriter problemWriter(JsonMapper json, ObjectProvider<ProblemFormat> formats) {
    return new ProblemWriter(json, formats.orderedStream().toList());
  }

  @Bean
  ProblemAdvice problemAdvice(ProblemWriter writer) {
    return new ProblemAdvice(writer);
  }
}
