package dev.watchtower.monitor.auth.config;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;

/**
 * Takes the token as the dashboard sends it (the cookie's value, in a header or a form field) and
 * as server-rendered forms do (masked anew for each page), and sees to it that every answer of the
 * session chain carries the cookie.
 */
final class CsrfTokens implements CsrfTokenRequestHandler {
  private final CsrfTokenRequestHandler plain = new CsrfTokenRequestAttributeHandler();
  private final CsrfTokenRequestHandler masked = new XorCsrfTokenRequestAttributeHandler();

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
    masked.handle(request, response, token);
    // Asking for the token is what writes the cookie.
    var unused = token.get().getToken();
  }

  @Override
  public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
    if (request.getHeader(token.getHeaderName()) != null) {
      return plain.resolveCsrfTokenValue(request, token);
    }
    var unmasked = masked.resolveCsrfTokenValue(request, token);
    return unmasked != null ? unmasked : plain.resolveCsrfTokenValue(request, token);
  }
}
