package dev.watchtower.monitor.config;

import org.apache.catalina.valves.RemoteIpValve;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Behind a proxy every request comes from the proxy's address: the login would count everybody's
 * failures together, and the audit would name the proxy. The {@code X-Forwarded-For} and {@code
 * X-Forwarded-Proto} of the proxies that {@code watchtower.monitor.proxies} lists count, and of
 * nobody else: whoever could claim an address would guess passwords from a new one each time. So no
 * range is trusted by itself, not even the private ones.
 */
@Configuration(proxyBeanMethods = false)
class ProxyConfiguration {
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> forwardedBy(
      @Value("${watchtower.monitor.proxies}") String list) {
    var networks = Proxies.networks(list);
    return factory -> {
      if (!networks.isEmpty()) {
        var valve = new RemoteIpValve();
        valve.setInternalProxies(networks);
        factory.addEngineValves(valve);
      }
    };
  }
}
