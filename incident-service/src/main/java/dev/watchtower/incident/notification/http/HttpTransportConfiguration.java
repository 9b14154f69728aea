package dev.watchtower.incident.notification.http;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class HttpTransportConfiguration {
  @Bean
  HttpSender channelHttpSender() {
    return new HttpSender();
  }

  @Bean
  WebhookTransport webhookTransport(
      HttpSender http, JsonMapper json, @Value("${watchtower.public-url}") String publicUrl) {
    return new WebhookTransport(http, json, publicUrl);
  }

  @Bean
  SlackTransport slackTransport(HttpSender http, JsonMapper json) {
    return new SlackTransport(http, json);
  }
}
