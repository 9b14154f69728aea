package dev.watchtower.monitor.auth;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens that were revoked, and the sessions that have ended while a live connection of theirs
 * may be open. Safe for use by several threads; asking never waits.
 */
public final class Revocations {
  /** Prefix of the ids that stand for sessions. */
  public static final String SESSION = "session:";

  private static final int MAX_SESSIONS = 10_000;

  private final TokenStore store;
  private final Set<String> tokens;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final LinkedHashSet<String> inOrder = new LinkedHashSet<>();

  /** The revocations in the store. */
  public Revocations(TokenStore store) {
    this.store = store;
    this.tokens = ConcurrentHashMap.newKeySet();
    tokens.addAll(store.revoked());
  }

  /** Whether a token, or a session by {@code session:ID}, is over. */
  public boolean isRevoked(String id) {
    return id.startsWith(SESSION) ? ended.contains(id) : tokens.contains(id);
  }

  /** Revokes a machine token. */
  public void revoke(String id, Instant now) {
    store.revoke(id, now);
    tokens.add(id);
  }

  /** Ends what hangs on a session. */
  public synchronized void sessionEnded(String sessionId) {
    var id = SESSION + sessionId;
    ended.add(id);
    inOrder.add(id);
    if (inOrder.size() > MAX_SESSIONS) {
      var oldest = inOrder.removeFirst();
      ended.remove(oldest);
    }
  }

  /** The ids of the revoked tokens. */
  public Set<String> tokens() {
    return new TreeSet<>(tokens);
  }
}
