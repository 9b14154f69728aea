package dev.watchtower.common.security;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.common.web.PathTemplates;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * Keys, tokens and, where the service declares {@link AccessRules} and no chain of its own, the
 * stateless chain that holds every request against them.
 */
@AutoConfiguration(
    beforeName = {
      "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
      "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration"
    })
@ConditionalOnProperty("watchtower.service")
public class WatchtowerSecurityAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  KeyFiles keyFiles(@Value("${watchtower.data-dir}") Path dataDir) {
    return new KeyFiles(dataDir.resolve("keys"));
  }

  @Bean
  @ConditionalOnMissingBean
  TokenIssuer tokenIssuer(KeyFiles keys, @Value("${watchtower.service}") String service) {
    return new TokenIssuer(service, keys.privateKey(service));
  }

  @Bean
  @ConditionalOnMissingBean
  ServiceTokens serviceTokens(
      TokenIssuer issuer, Clock clock, @Value("${watchtower.service}") String service) {
    return new ServiceTokens(service, issuer, clock);
  }

  @Bean
  @ConditionalOnMissingBean
  TokenVerifier tokenVerifier(
      KeyFiles keys, @Value("${watchtower.service}") String service, RevocationSource revocations) {
    return new TokenVerifier(keys, service, revocations.revoked());
  }

  /**
   * Where the verifier learns of revocations; monitor-service, which owns the list, declares its
   * own.
   */
  @Bean
  @ConditionalOnMissingBean(RevocationSource.class)
  RevocationList revocationList(
      @Value("${watchtower.data-dir}") Path dataDir,
      @Value("${watchtower.service}") String service,
      Peers peers) {
    return new RevocationList(dataDir.resolve("run").resolve("revoked-" + service), peers);
  }

  /**
   * No measurements and spans of each filter: nobody reads them, and they cost more than the
   * filters.
   */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(SecurityObservationSettings.class)
  static class Observations {
    @Bean
    SecurityObservationSettings securityObservationSettings() {
      return SecurityObservationSettings.noObservations();
    }
  }

  /** The chain; apart, so that a module without Spring Security can still verify tokens. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(SecurityFilterChain.class)
  @ConditionalOnBean(AccessRules.class)
  @ConditionalOnMissingBean(SecurityFilterChain.class)
  static class Chain {
    @Bean
    SecurityFilterChain bearerChain(
        HttpSecurity http,
        AccessRules rules,
        TokenVerifier verifier,
        Clock clock,
        ProblemWriter problems,
        PathTemplates endpoints) {
      return http.sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
          .csrf(c -> c.disable())
          .logout(c -> c.disable())
          .requestCache(c -> c.disable())
          .httpBasic(c -> c.disable())
          .formLogin(c -> c.disable())
          .headers(h ->
              h.contentSecurityPolicy(
                  p -> p.policyDirectives("default-src 'none'; frame-ancestors 'none'")))
          .addFilterBefore(
              new BearerTokenFilter(rules, verifier, clock, problems, endpoints),
              AuthorizationFilter.class)
          .authorizeHttpRequests(a -> a.anyRequest().permitAll())
          .build();
    }
  }
}
