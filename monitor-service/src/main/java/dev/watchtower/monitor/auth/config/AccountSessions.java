package dev.watchtower.monitor.auth.config;

import dev.watchtower.monitor.auth.Revocations;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/** Ends the sessions of a user, with the live connections that hang on them. */
public final class AccountSessions {
  private final FindByIndexNameSessionRepository<? extends Session> sessions;
  private final Revocations revocations;

  AccountSessions(
      FindByIndexNameSessionRepository<? extends Session> sessions, Revocations revocations) {
    this.sessions = sessions;
    this.revocations = revocations;
  }

  /** Ends all sessions of the user but {@code spared}. */
  public void endAll(String user, @Nullable String spared) {
    for (var id : sessions.findByPrincipalName(user).keySet()) {
      if (!id.equals(spared)) {
        sessions.deleteById(id);
        revocations.sessionEnded(id);
      }
    }
  }
}
