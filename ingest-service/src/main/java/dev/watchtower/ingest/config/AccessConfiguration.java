package dev.watchtower.ingest.config;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.Scope;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who may call what. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  /** Whether the doors are open is read once: opening them should take a restart. */
  @Bean
  AccessRules accessRules(CatalogSource catalog) {
    var rules = AccessRules.builder();
    if (catalog.current().ingest().anonymous()) {
      rules.open("/api/v1/write").open("/v1/metrics").open("/api/v1/metrics");
    }
    // Prometheus' clients send long queries as forms. That they are read with GET, too, is said
    // here
    // as well as below: a wrong method is told the right ones by the rules for the very path.
    for (var path : List.of("query", "query_range", "query_exemplars", "series", "labels")) {
      rules.allow(GET, "/api/v1/" + path, Scope.READ).allow(POST, "/api/v1/" + path, Scope.READ);
    }
    // Not there, but who asks for them is to be told so and not that the method is wrong.
    for (var path : List.of("read", "format_query")) {
      rules.allow(GET, "/api/v1/" + path, Scope.READ).allow(POST, "/api/v1/" + path, Scope.READ);
    }
    return rules
        .allow(POST, "/api/v1/write", Scope.INGEST_WRITE)
        .allow(POST, "/v1/metrics", Scope.INGEST_WRITE)
        .allow(POST, "/api/v1/metrics", Scope.INGEST_WRITE)
        // Proves itself by its signature.
        .open("/api/v1/events/github")
        .allow(POST, "/api/v1/events", Scope.INGEST_WRITE, Scope.EVENTS_WRITE)
        .allow(GET, "/api/v1/events", Scope.READ)
        // A back-test reads the past for seconds: for those who answer to alerts.
        .allow(POST, "/api/v1/rules/backtest", Scope.RESPOND)
        .allow(GET, "/api/v1/**", Scope.READ)
        // STOMP authorises its own CONNECT and SUBSCRIBE.
        .open("/ws")
        .build();
  }
}
