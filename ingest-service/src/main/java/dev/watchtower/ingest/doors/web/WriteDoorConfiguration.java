package dev.watchtower.ingest.doors.web;

import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.ShortWay;
import dev.watchtower.common.security.TokenVerifier;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerExceptionResolver;

@Configuration(proxyBeanMethods = false)
class WriteDoorConfiguration {
  /** Injected faults sit on the long way; where they may be, it is the only one. */
  @Bean
  @ConditionalOnProperty(
      name = "watchtower.chaos-agent.enabled",
      havingValue = "false",
      matchIfMissing = true)
  FilterRegistrationBean<WriteDoor> writeDoor(
      RemoteWriteController door,
      TokenVerifier verifier,
      AccessRules rules,
      Clock clock,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver failures) {
    var way = new ShortWay(verifier, rules, clock, WriteDoor.PATH);
    var filter = new FilterRegistrationBean<>(new WriteDoor(door, way, failures));
    filter.addUrlPatterns(WriteDoor.PATH);
    filter.setOrder(ShortWay.ORDER);
    return filter;
  }
}
