package dev.watchtower.launcher.suite;

import dev.watchtower.common.security.InvalidTokenException;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.http.MonitorTokens;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The machine tokens that the suite needs itself: for the sample shop, and for the first sender of
 * the user.
 */
final class MachineTokens {
  static final String SENDER_TOKEN = "sender.token";

  private final SecretFiles secrets;
  private final TokenVerifier verifier;
  private final MonitorTokens monitor;
  private final Clock clock;

  MachineTokens(Layout layout, SecretFiles secrets, MonitorTokens monitor, Clock clock) {
    this.secrets = secrets;
    this.verifier = new TokenVerifier(new KeyFiles(layout.keys()), "ingest", id -> false);
    this.monitor = monitor;
    this.clock = clock;
  }

  /**
   * Whether the kept token of that name is there and signed with today's key; monitor can have
   * revoked it nevertheless.
   */
  boolean usable(String file) {
    return idOf(file).isPresent();
  }

  private Optional<String> idOf(String file) {
    var kept = secrets.read(file);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try {
      var claims = verifier.verify(kept.get(), clock.instant());
      return claims.allows(Scope.INGEST_WRITE) ? Optional.of(claims.id()) : Optional.empty();
    } catch (InvalidTokenException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes and keeps the tokens that are not usable, or that monitor has revoked or does not know.
   * Monitor has to run.
   *
   * @return whether the shop's is a new one
   */
  boolean ensure() throws IOException {
    var valid =
        usable(Environment.SHOP_TOKEN) || usable(SENDER_TOKEN) ? unrevoked() : Set.<String>of();
    boolean shop = ensure(Environment.SHOP_TOKEN, "sample-shop", valid);
    boolean unused = ensure(SENDER_TOKEN, "first-sender", valid);
    return shop;
  }

  private Set<String> unrevoked() throws IOException {
    return monitor.list().stream()
        .filter(token -> token.revokedAt() == null)
        .map(MonitorTokens.Listed::id)
        .collect(Collectors.toSet());
  }

  private boolean ensure(String file, String name, Set<String> valid) throws IOException {
    if (idOf(file).filter(valid::contains).isPresent()) {
      return false;
    }
    secrets.write(file, monitor.create(name, List.of(Scope.INGEST_WRITE.text())).token());
    return true;
  }
}
