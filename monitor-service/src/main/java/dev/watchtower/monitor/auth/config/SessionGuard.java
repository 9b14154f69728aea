package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.common.web.WebAttributes;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.Revocations;
import dev.watchtower.monitor.config.HtmlRequests;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds each session against its user: ends it after the absolute limit and when the user is gone
 * or disabled or has another role or password than it began with, and leaves only the change of the
 * password open to whom must change it.
 */
final class SessionGuard extends OncePerRequestFilter {
  static final Duration ABSOLUTE_LIMIT = Duration.ofDays(7);
  private static final Set<String> OPEN_BEFORE_CHANGE =
      Set.of("/change-password", "/logout", "/bff/me", "/api/v1/me/password", "/login");

  private final Accounts accounts;
  private final Revocations revocations;
  private final ProblemWriter problems;
  private final Clock clock;

  SessionGuard(Accounts accounts, Revocations revocations, ProblemWriter problems, Clock clock) {
    this.accounts = accounts;
    this.revocations = revocations;
    this.problems = problems;
    this.clock = clock;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (SecurityContextHolder.getContext().getAuthentication()
        instanceof UsernamePasswordAuthenticationToken login) {
      var session = request.getSession(false);
      var account = accounts.find(login.getName());
      if (session == null
          || account.filter(a -> LoginOf.isStill(login, a)).isEmpty()
          || tooOld(session)) {
        end(session);
      } else {
        request.setAttribute(WebAttributes.SUBJECT, "user:" + account.get().name());
        if (account.get().mustChange()
            && !OPEN_BEFORE_CHANGE.contains(request.getRequestURI())
            && !request.getRequestURI().startsWith("/pages/")) {
          sendToChange(request, response);
          return;
        }
      }
    }
    chain.doFilter(request, response);
  }

  private boolean tooOld(HttpSession session) {
    var began = Instant.ofEpochMilli(session.getCreationTime());
    return clock.instant().isAfter(began.plus(ABSOLUTE_LIMIT));
  }

  private void end(@Nullable HttpSession session) {
    if (session != null) {
      revocations.sessionEnded(session.getId());
      session.invalidate();
    }
    SecurityContextHolder.clearContext();
  }

  private void sendToChange(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (HtmlRequests.wantsPage(request)) {
      response.sendRedirect("/change-password");
    } else {
      problems.write(
          request,
          response,
          Problem.of(
              403,
              "password-change-needed",
              "The password must be changed first",
              "Open /change-password in the browser and choose a password of your own."));
    }
  }
}
