package dev.watchtower.monitor.config;

import jakarta.servlet.http.HttpServletRequest;

/** Tells a person's browser that opens a page from everything else. */
public final class HtmlRequests {
  private HtmlRequests() {}

  /** Whether the caller asks for a page: it names {@code text/html} among what it takes. */
  public static boolean wantsPage(HttpServletRequest request) {
    var accept = request.getHeader("Accept");
    return accept != null && accept.contains("text/html");
  }
}
