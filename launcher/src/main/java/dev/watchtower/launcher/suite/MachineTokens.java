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

  /** Whether the kept token of that name is there and signed with today's key. */
  boolean usable(String file) {
    var kept = secrets.read(file);
    if (kept.isEmpty()) {
      return false;
    }
    try {
      return verifier.verify(kept.get(), clock.instant()).allows(Scope.INGEST_WRITE);
    } catch (InvalidTokenException e) {
      return false;
    }
  }

  /** Makes and keeps the tokens that are not usable. Monitor has to run. */
  void ensure() throws IOException {
    ensure(Environment.SHOP_TOKEN, "sample-shop");
    ensure(SENDER_TOKEN, "first-sender");
  }

  private void ensure(String file, String name) throws IOException {
    if (!usable(file)) {
      secrets.write(file, monitor.create(name, List.of(Scope.INGEST_WRITE.text())).token());
    }
  }
}
