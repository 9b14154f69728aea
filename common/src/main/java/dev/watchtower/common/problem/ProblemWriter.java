package dev.watchtower.common.problem;

import dev.watchtower.common.web.TraceContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes problems as {@code application/problem+json}, or in the first {@link ProblemFormat} that
 * fits the request, from controllers and from filters alike.
 */
public final class ProblemWriter {
  private final JsonMapper json;
  private final List<ProblemFormat> formats;

  /** A writer that uses {@code json} for the members. */
  public ProblemWriter(JsonMapper json) {
    this(json, List.of());
  }

  /** One that tries other formats first. */
  public ProblemWriter(JsonMapper json, List<ProblemFormat> formats) {
    this.json = json;
    this.formats = List.copyOf(formats);
  }

  /** The document of a problem. */
  public Map<String, Object> document(HttpServletRequest request, Problem problem) {
    var document = new LinkedHashMap<String, Object>();
    document.put("type", problem.type());
    document.put("title", problem.title());
    document.put("status", problem.status());
    document.put("detail", problem.getMessage());
    document.put("instance", addressOf(request));
    document.put("traceId", TraceContext.of(request).traceId());
    if (!problem.faults().isEmpty()) {
      document.put("errors", problem.faults());
    }
    problem.extensions().forEach(document::putIfAbsent);
    return document;
  }

  /** What the caller asked for, also where the container has passed the request on to /error. */
  private static Object addressOf(HttpServletRequest request) {
    var asked = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    return asked == null ? request.getRequestURI() : asked;
  }

  /** Answers the request with the problem, unless an answer is already on its way. */
  public void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.setStatus(problem.status());
    if (problem.retryAfter() != null) {
      response.setHeader(
          "Retry-After", Long.toString(Math.max(1, problem.retryAfter().toSeconds())));
    }
    byte[] body = null;
    for (var format : formats) {
      if (format.fits(request)) {
        response.setContentType(format.contentType(request));
        body = format.body(request, problem);
        break;
      }
    }
    if (body == null) {
      response.setContentType("application/problem+json");
      response.setCharacterEncoding(StandardCharsets.UTF_8);
      body = json.writeValueAsBytes(document(request, problem));
    }
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
