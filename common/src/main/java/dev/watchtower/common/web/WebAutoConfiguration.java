package dev.watchtower.common.web;

import dev.watchtower.common.problem.ProblemAutoConfiguration;
import dev.watchtower.common.problem.ProblemWriter;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Connections, request log, trace context, body limit and error answers of every service. */
@AutoConfiguration(
    after = ProblemAutoConfiguration.class,
    beforeName = "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration")
@ConditionalOnProperty("watchtower.service")
public class WebAutoConfiguration {
  @Bean
  PathTemplates pathTemplates(ObjectProvider<RequestMappingInfoHandlerMapping> mappings) {
    return new PathTemplates(mappings::stream);
  }

  @Bean
  RequestLogFilter requestLogFilter(
      PathTemplates templates, @Value("${watchtower.web.quiet:}") List<String> quiet) {
    return new RequestLogFilter(templates, quiet);
  }

  @Bean
  ConcreteTypeFilter concreteTypeFilter() {
    return new ConcreteTypeFilter();
  }

  @Bean
  BodyLimitFilter bodyLimitFilter(
      @Value("${watchtower.web.max-body:1MB}") DataSize limit,
      @Value("${watchtower.web.own-limit:}") List<String> exempt,
      ProblemWriter problems) {
    return new BodyLimitFilter(limit.toBytes(), exempt, problems);
  }

  /** Every connection of every service has an end to the time it may take. */
  @Bean
  @ConditionalOnClass(TomcatWebServerFactory.class)
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> connectionPatience(
      @Value("${watchtower.web.patience.head:10s}") Duration head,
      @Value("${watchtower.web.patience.body:20s}") Duration body,
      @Value("${watchtower.web.patience.answer:60s}") Duration answer,
      @Value("${watchtower.web.buffer:8KB}") DataSize buffer) {
    var patience = new ConnectionPatience(head, body, answer);
    return factory -> {
      factory.setProtocol(GuardedProtocol.class.getName());
      factory.addConnectorCustomizers(connector -> {
        if (connector.getProtocolHandler() instanceof GuardedProtocol guarded) {
          guarded.setPatience(patience);
          guarded.setBuffer((int) buffer.toBytes());
        }
      });
    };
  }

  @Bean
  @ConditionalOnMissingBean(ErrorController.class)
  ErrorPage errorPage(ProblemWriter problems) {
    return new ErrorPage(problems);
  }

  /**
   * JSON is the form of every body. YAML would be another one by accident, because the library that
   * writes the API's description brings its converter along: with other times, and read by rules
   * that nobody looked at.
   */
  @Bean
  ServerHttpMessageConvertersCustomizer noYaml() {
    var yaml = MediaType.APPLICATION_YAML;
    return builder ->
        builder.configureMessageConvertersList(
            all -> all.removeIf(c -> c.getSupportedMediaTypes().stream().anyMatch(yaml::includes)));
  }

  @Bean
  ProblemPages problemPages() {
    return new ProblemPages();
  }
}
