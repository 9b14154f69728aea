package dev.watchtower.monitor.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where machine tokens are kept. */
public interface TokenStore {
  /** All, the newest first, revoked ones included. */
  List<MachineToken> all();

  /** One of them. */
  Optional<MachineToken> find(String id);

  /** Keeps a new one. */
  void add(MachineToken token);

  /** Revokes one; revoking again changes nothing. */
  void revoke(String id, Instant at);

  /** The ids of all that were revoked. */
  Set<String> revoked();
}
