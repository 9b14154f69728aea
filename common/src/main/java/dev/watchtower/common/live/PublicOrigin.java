package dev.watchtower.common.live;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** What a browser writes into {@code Origin} on a page of an address. Pure. */
final class PublicOrigin {
  private PublicOrigin() {}

  /**
   * Scheme, host and, where it is not the scheme's own, port of {@code url}; empty if it is no
   * address of the web.
   */
  static Optional<String> of(String url) {
    try {
      var uri = new URI(url.strip());
      if (uri.getScheme() == null || uri.getHost() == null) {
        return Optional.empty();
      }
      var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int own =
          switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            default -> 0;
          };
      if (own == 0) {
        return Optional.empty();
      }
      boolean plain = uri.getPort() == -1 || uri.getPort() == own;
      return Optional.of(
          scheme
              + "://"
              + uri.getHost().toLowerCase(Locale.ROOT)
              + (plain ? "" : ":" + uri.getPort()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
