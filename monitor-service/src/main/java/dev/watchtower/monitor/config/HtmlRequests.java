package dev.watchtower.monitor.config;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;

/** Tells a person's browser that opens a page from everything else. */
public final class HtmlRequests {
  private HtmlRequests() {}

  /**
   * Whether the caller asks for a page: it names {@code text/html} among what it takes, and the
   * address, also of a request that was passed on to {@code /error}, is no door for programs. Some
   * HTTP clients say that they take pages wherever they go.
   */
  public static boolean wantsPage(HttpServletRequest request) {
    var accept = request.getHeader("Accept");
    var address =
        request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String asked
            ? asked
            : request.getRequestURI();
    return accept != null
        && accept.contains("text/html")
        && !address.startsWith("/api/")
        && !address.startsWith("/bff/");
  }
}
