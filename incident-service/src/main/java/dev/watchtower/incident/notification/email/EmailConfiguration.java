package dev.watchtower.incident.notification.email;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EmailConfiguration {
  @Bean
  EmailTransport emailTransport() {
    return new EmailTransport();
  }
}
