package dev.watchtower.launcher.supervisor.http;

import com.sun.net.httpserver.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A call that is refused; becomes a problem document (RFC 9457). */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Pattern TRACE_PARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

  private final int status;
  private final String slug;
  private @Nullable String path;
  private @Nullable String message;

  Refused(int status, String slug, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.slug = slug;
  }

  /** Names the place in the body that is wrong. */
  Refused fault(String faultyPath, String expected) {
    this.path = faultyPath;
    this.message = expected;
    return this;
  }

  SupervisorApi.Answer problem(HttpExchange exchange) {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", "/problems/" + slug);
    var words = slug.replace('-', ' ');
    body.put("title", words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1));
    body.put("status", status);
    body.put("detail", String.valueOf(getMessage()));
    body.put("instance", exchange.getRequestURI().getPath());
    var trace = exchange.getRequestHeaders().getFirst("traceparent");
    var matcher = TRACE_PARENT.matcher(trace == null ? "" : trace);
    if (matcher.matches()) {
      body.put("traceId", matcher.group(1));
    }
    if (path != null && message != null) {
      body.put("errors", List.of(Map.of("path", path, "message", message)));
    }
    if (status == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    }
    if (status == 503) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    return SupervisorApi.Answer.problem(status, body);
  }
}
