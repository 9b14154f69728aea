package dev.watchtower.common.web;

import dev.watchtower.common.problem.ProblemAutoConfiguration;
import dev.watchtower.common.problem.ProblemWriter;
import java.util.Arrays;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Error answers of the web server itself, before Spring. */
@AutoConfiguration(after = ProblemAutoConfiguration.class)
@ConditionalOnClass(TomcatWebServerFactory.class)
@ConditionalOnProperty("watchtower.service")
public class UnreadableRequestAutoConfiguration {

  /** After Spring Boot's own customizer, whose valve this one replaces. */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> unreadableRequests(
      ProblemWriter problems) {
    return factory ->
        factory.addContextCustomizers(context -> {
          if (context.getParent() instanceof StandardHost host) {
            var pipeline = host.getPipeline();
            Arrays.stream(pipeline.getValves())
                .filter(ErrorReportValve.class::isInstance)
                .forEach(pipeline::removeValve);
            pipeline.addValve(new UnreadableRequestValve(problems));
            host.setErrorReportValveClass(UnreadableRequestValve.class.getName());
          }
        });
  }
}
