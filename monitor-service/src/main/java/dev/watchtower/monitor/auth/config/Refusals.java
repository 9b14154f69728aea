package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.monitor.config.HtmlRequests;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;

/**
 * What the session chain answers to who is not logged in, or may not: a page to people, a problem
 * to programs.
 */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final ProblemWriter problems;

  Refusals(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    if (HtmlRequests.wantsPage(request) && request.getMethod().equals("GET")) {
      var query = request.getQueryString();
      var here = request.getRequestURI() + (query == null ? "" : "?" + query);
      response.sendRedirect(
          here.equals("/")
              ? "/login"
              : "/login?next=" + URLEncoder.encode(here, StandardCharsets.UTF_8));
      return;
    }
    problems.write(
        request,
        response,
        Problem.of(
            401,
            "unauthorized",
            "Log in first",
            "Log in at /login, or send the header 'Authorization: Bearer wt_…'."));
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
      throws IOException {
    if (e instanceof CsrfException && isProgramWithoutSession(request)) {
      // The CSRF check comes before any other; what is missing first is somebody to be.
      commence(request, response, new InsufficientAuthenticationException("no session", e));
      return;
    }
    LOG.atWarn()
        .addKeyValue("user", String.valueOf(request.getRemoteUser()))
        .addKeyValue("csrf", e instanceof CsrfException)
        .log("request refused");
    if (e instanceof CsrfException && request.getRequestURI().equals("/login")) {
      // The page was open for long, or cookies are off; a fresh form puts the first right.
      response.sendRedirect("/login?error=expired");
      return;
    }
    if (HtmlRequests.wantsPage(request)) {
      response.sendError(403);
      return;
    }
    problems.write(
        request,
        response,
        e instanceof CsrfException
            ? Problem.of(
                403,
                "forbidden",
                "The CSRF token is missing or old",
                "Reload the page; programs send the cookie XSRF-TOKEN back as X-XSRF-TOKEN.")
            : Problem.of(
                403, "forbidden", "Not allowed", "Your role does not allow this; ask an ADMIN."));
  }

  private static boolean isProgramWithoutSession(HttpServletRequest request) {
    return !request.getRequestURI().equals("/login")
        && !HtmlRequests.wantsPage(request)
        && SecurityContextHolder.getContext().getAuthentication() == null;
  }
}
