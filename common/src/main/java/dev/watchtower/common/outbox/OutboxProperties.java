package dev.watchtower.common.outbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the outbox delivers.
 *
 * @param parallelism most deliveries at once, over all keys; 1..64
 * @param poll how often to look for rows of other processes; 10 ms..1 min
 * @param lease how long a row is held without a sign of life from its worker; 1 s..10 min. After a
 *     crash the rows that were being delivered wait this long
 * @param keep how long delivered rows are kept
 */
@ConfigurationProperties("watchtower.outbox")
public record OutboxProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("8") int parallelism,
    @DefaultValue("1s") Duration poll,
    @DefaultValue("10s") Duration lease,
    @DefaultValue("1d") Duration keep) {
  public OutboxProperties {
    if (parallelism < 1 || parallelism > 64) {
      throw new IllegalArgumentException(
          "watchtower.outbox.parallelism: expected 1..64, found " + parallelism);
    }
    check("poll", poll, Duration.ofMillis(10), Duration.ofMinutes(1));
    check("lease", lease, Duration.ofSeconds(1), Duration.ofMinutes(10));
    check("keep", keep, Duration.ZERO, Duration.ofDays(365));
  }

  private static void check(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "watchtower.outbox.%s: expected %s..%s, found %s".formatted(name, least, most, value));
    }
  }
}
