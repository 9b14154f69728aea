package dev.watchtower.ingest.doors.web;

import dev.watchtower.common.catalog.CatalogSource;
import org.apache.catalina.startup.Tomcat;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** {@code watchtower.ingest.otlp-port}. */
@Configuration(proxyBeanMethods = false)
class OtlpPortConfiguration {

  @Bean
  OtlpPort otlpPort(@Value("${WATCHTOWER_PORT_OFFSET:0}") int offset) {
    return new OtlpPort(offset);
  }

  /** Before security, so that nothing else answers there. */
  @Bean
  FilterRegistrationBean<OtlpPort> otlpPortFilter(OtlpPort port) {
    var registration = new FilterRegistrationBean<>(port);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  @Bean
  ApplicationListener<WebServerInitializedEvent> otlpPortOpening(
      OtlpPort port, CatalogSource catalog) {
    return event -> {
      if (event.getApplicationContext().getServerNamespace() == null
          && event.getWebServer() instanceof TomcatWebServer server) {
        Tomcat tomcat = server.getTomcat();
        port.follow(tomcat, catalog.current().ingest().otlpPort());
        catalog.onChange(fresh -> port.follow(tomcat, fresh.ingest().otlpPort()));
      }
    };
  }

  /** Up also without the port: everything else works. */
  @Bean
  HealthIndicator otlpPortHealthIndicator(OtlpPort port) {
    return () -> {
      var health = Health.up();
      if (port.wanted() != 0) {
        health.withDetail("port", port.wanted());
        if (port.open() != port.wanted()) {
          health.withDetail(
              "fault", "cannot be opened, another process has it; OTLP is taken at the main port");
        }
      }
      return health.build();
    };
  }
}
