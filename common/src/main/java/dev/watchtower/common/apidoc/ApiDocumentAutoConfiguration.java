package dev.watchtower.common.apidoc;

import dev.watchtower.common.security.AccessRules;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** {@code /v3/api-docs} of every service: tokens, problems and what can be null. */
@AutoConfiguration
@ConditionalOnProperty("watchtower.service")
@ConditionalOnClass(OpenApiCustomizer.class)
public class ApiDocumentAutoConfiguration {
  @Bean
  ApiDocument apiDocument(
      @Value("${watchtower.service}") String service, ObjectProvider<AccessRules> rules) {
    return new ApiDocument(service, rules::getIfAvailable);
  }

  @Bean
  NullableComponents nullableComponents() {
    return new NullableComponents();
  }
}
