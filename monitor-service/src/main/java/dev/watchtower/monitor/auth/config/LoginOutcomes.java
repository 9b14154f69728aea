package dev.watchtower.monitor.auth.config;

import dev.watchtower.monitor.auth.Accounts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;

/** Where a login leads: on to the page that was asked for, or back to the form with the reason. */
final class LoginOutcomes implements AuthenticationSuccessHandler, AuthenticationFailureHandler {
  private final Accounts accounts;

  LoginOutcomes(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public void onAuthenticationSuccess(
      HttpServletRequest request, HttpServletResponse response, Authentication user)
      throws IOException {
    boolean mustChange = accounts.find(user.getName()).map(a -> a.mustChange()).orElse(false);
    response.sendRedirect(mustChange ? "/change-password" : local(request.getParameter("next")));
  }

  @Override
  public void onAuthenticationFailure(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    var why =
        e instanceof LoginLockedException locked
            ? "wait&seconds=" + locked.seconds()
            : "credentials";
    var next = local(request.getParameter("next"));
    response.sendRedirect(
        "/login?error="
            + why
            + (next.equals("/") ? "" : "&next=" + URLEncoder.encode(next, StandardCharsets.UTF_8)));
  }

  /** The path, if it is one of ours; never another host. */
  static String local(@Nullable String next) {
    return next != null
            && next.matches("/[A-Za-z0-9._~!$&'()*+,;=:@%?/-]*")
            && !next.startsWith("//")
        ? next
        : "/";
  }
}
