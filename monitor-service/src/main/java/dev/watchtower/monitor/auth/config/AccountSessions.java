package dev.watchtower.monitor.auth.config;

import static org.springframework.security.web.context.HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY;

import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Revocations;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
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

  /** Ends all sessions of the user. */
  public void endAll(String user) {
    endAll(user, null);
  }

  /** Ends all sessions of the user but that of {@code request}, which goes on as the account is. */
  public void endOthers(Account account, HttpServletRequest request) {
    var own = request.getSession(false);
    var login = SecurityContextHolder.getContext().getAuthentication();
    if (own != null && login != null) {
      var context = new SecurityContextImpl(LoginOf.account(account, login.getDetails()));
      own.setAttribute(SPRING_SECURITY_CONTEXT_KEY, context);
    }
    endAll(account.name(), own == null ? null : own.getId());
  }

  private void endAll(String user, @Nullable String spared) {
    for (var id : sessions.findByPrincipalName(user).keySet()) {
      if (!id.equals(spared)) {
        sessions.deleteById(id);
        revocations.sessionEnded(id);
      }
    }
  }
}
