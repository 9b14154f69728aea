package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.live.LiveAuthenticator;
import dev.watchtower.common.security.RevocationSource;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.monitor.auth.AccountStore;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.LoginThrottle;
import dev.watchtower.monitor.auth.PasswordPolicy;
import dev.watchtower.monitor.auth.Revocations;
import dev.watchtower.monitor.auth.TokenStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.io.ClassPathResource;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;

@Configuration(proxyBeanMethods = false)
@EnableJdbcHttpSession(
    maxInactiveIntervalInSeconds = AuthConfiguration.IDLE_LIMIT,
    cleanupCron = "0 */5 * * * *")
class AuthConfiguration {
  /** 12 hours. */
  static final int IDLE_LIMIT = 12 * 60 * 60;

  @Bean
  Accounts accounts(AccountStore store) {
    return new Accounts(store);
  }

  @Bean
  Passwords passwords() {
    return new Passwords();
  }

  @Bean
  PasswordPolicy passwordPolicy() {
    try (var in = new ClassPathResource("common-passwords.txt").getInputStream()) {
      return new PasswordPolicy(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .collect(Collectors.toSet()));
    } catch (IOException e) {
      throw new UncheckedIOException("common-passwords.txt cannot be read", e);
    }
  }

  @Bean
  LoginThrottle loginThrottle() {
    return new LoginThrottle();
  }

  @Bean
  PasswordLogin passwordLogin(
      Accounts accounts, Passwords passwords, LoginThrottle throttle, Clock clock) {
    return new PasswordLogin(accounts, passwords, throttle, clock);
  }

  @Bean
  FirstAdministrator firstAdministrator(
      Accounts accounts,
      Passwords passwords,
      PasswordPolicy policy,
      Clock clock,
      @Value("${watchtower.data-dir}") Path dataDir,
      @Value("${WATCHTOWER_ADMIN_PASSWORD:}") String given) {
    var first = new FirstAdministrator(accounts, passwords, policy, dataDir);
    first.ensure(given, clock.instant());
    return first;
  }

  @Bean
  Revocations revocations(TokenStore store) {
    return new Revocations(store);
  }

  @Bean
  RevocationSource revocationSource(Revocations revocations) {
    return () -> revocations::isRevoked;
  }

  @Bean
  AccountSessions accountSessions(
      FindByIndexNameSessionRepository<? extends Session> sessions, Revocations revocations) {
    return new AccountSessions(sessions, revocations);
  }

  @Bean
  LiveSessions liveSessions(
      FindByIndexNameSessionRepository<? extends Session> sessions,
      Revocations revocations,
      Clock clock) {
    return new LiveSessions(sessions, revocations, clock);
  }

  @Bean
  LiveAuthenticator liveAuthenticator(
      Accounts accounts, TokenVerifier verifier, LiveSessions sessions, Clock clock) {
    return new BrowserOrToken(accounts, verifier, sessions, clock);
  }

  /** What everything goes by; the store's own is for this one alone. */
  @Bean
  @Primary
  LastingSessions<? extends Session> sessions(JdbcIndexedSessionRepository store) {
    return new LastingSessions<>(store);
  }

  /** Two requests of one session may store the same attribute at once; the second one wins. */
  @Bean
  SessionRepositoryCustomizer<JdbcIndexedSessionRepository> sessionUpsert() {
    return repository ->
        repository.setCreateSessionAttributeQuery(
            """
            insert into %TABLE_NAME%_ATTRIBUTES
              (SESSION_PRIMARY_ID, ATTRIBUTE_NAME, ATTRIBUTE_BYTES)
            values (?, ?, ?)
            on conflict (SESSION_PRIMARY_ID, ATTRIBUTE_NAME)
              do update set ATTRIBUTE_BYTES = excluded.ATTRIBUTE_BYTES
            """);
  }
}
