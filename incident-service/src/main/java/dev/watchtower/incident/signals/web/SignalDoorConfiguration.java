package dev.watchtower.incident.signals.web;

import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.ShortWay;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.incident.signals.SignalDesk;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerExceptionResolver;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class SignalDoorConfiguration {
  /** Injected faults sit on the long way; where they may be, it is the only one. */
  @Bean
  @ConditionalOnProperty(
      name = "watchtower.chaos-agent.enabled",
      havingValue = "false",
      matchIfMissing = true)
  FilterRegistrationBean<SignalDoor> signalDoor(
      SignalDesk desk,
      TokenVerifier verifier,
      AccessRules rules,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver refusals,
      Clock clock,
      JsonMapper json) {
    var way = new ShortWay(verifier, rules, clock, SignalDoor.PATH);
    var door = new FilterRegistrationBean<>(new SignalDoor(desk, way, refusals, clock, json));
    door.addUrlPatterns(SignalDoor.PATH);
    door.setOrder(ShortWay.ORDER);
    return door;
  }
}
