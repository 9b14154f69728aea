package dev.watchtower.incident.audit.config;

import dev.watchtower.incident.audit.AuditQueue;
import dev.watchtower.incident.audit.AuditTrail;
import dev.watchtower.incident.audit.jdbc.JdbcAuditTrail;
import dev.watchtower.incident.audit.web.AuditFilter;
import dev.watchtower.incident.lifecycle.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Bean
  AuditTrail auditTrail(JdbcClient jdbc) {
    return new JdbcAuditTrail(jdbc);
  }

  @Bean
  AuditFilter auditFilter(
      AuditTrail trail, Transactions transactions, Clock clock, MeterRegistry meters) {
    var queue =
        new AuditQueue(
            deeds -> {
              var unused =
                  transactions.retrying(() -> {
                    trail.append(deeds);
                    return true;
                  });
            },
            PATIENCE);
    return new AuditFilter(queue, clock, meters);
  }
}
