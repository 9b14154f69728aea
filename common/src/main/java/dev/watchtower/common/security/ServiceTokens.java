package dev.watchtower.common.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The short-lived tokens with which a service presents itself to others. Safe for use by several
 * threads.
 */
public final class ServiceTokens {
  private static final Duration LIFE = Duration.ofSeconds(120);

  private record Kept(String token, Instant renewAt) {}

  private final String service;
  private final TokenIssuer issuer;
  private final Clock clock;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  /** Tokens of {@code service}, signed by {@code issuer}. */
  public ServiceTokens(String service, TokenIssuer issuer, Clock clock) {
    this.service = service;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** A token that {@code audience} accepts for the next minute at least. */
  public String tokenFor(String audience) {
    var now = clock.instant();
    return kept.compute(
            audience,
            (name, old) -> old != null && now.isBefore(old.renewAt()) ? old : fresh(name, now))
        .token();
  }

  private Kept fresh(String audience, Instant now) {
    var claims =
        new Claims(
            service,
            UUID.randomUUID().toString(),
            "service:" + service,
            ServiceGrants.ownOf(service),
            audience,
            now,
            now.plus(LIFE));
    return new Kept(issuer.sign(claims), now.plus(LIFE.dividedBy(2)));
  }
}
