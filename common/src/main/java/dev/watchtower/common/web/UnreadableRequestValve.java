package dev.watchtower.common.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what Tomcat refuses before any filter sees it (a request line that cannot be read, an
 * address with bytes that may not stand there) with a problem and a line in the log, as everything
 * else is answered; Tomcat's own answer is a page for people.
 */
final class UnreadableRequestValve extends ErrorReportValve {
  private static final Logger LOG = LoggerFactory.getLogger("dev.watchtower.request");

  private final ProblemWriter problems;

  UnreadableRequestValve(ProblemWriter problems) {
    this.problems = problems;
    setShowReport(false);
    setShowServerInfo(false);
  }

  @Override
  protected void report(Request request, Response response, Throwable cause) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    var trace = TraceContext.of(request);
    try (var _ = trace.open()) {
      LOG.atInfo()
          .addKeyValue("method", String.valueOf(request.getMethod()))
          .addKeyValue("path", "unreadable")
          .addKeyValue("status", status)
          .addKeyValue("durationMillis", 0L)
          .addKeyValue("remote", request.getRemoteAddr())
          .addKeyValue("user", "-")
          .log("request");
    }
    var problem = problem(request, status);
    try {
      problems.write(request, response.getResponse(), problem);
      response.finishResponse();
    } catch (IOException e) {
      // The client is gone: nobody is left to answer.
      LOG.debug("an answer could not be written", e);
    }
  }

  private static int kilobytes(Request request) {
    return request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
        ? http.getMaxHttpRequestHeaderSize() / 1024
        : 8;
  }

  private static Problem problem(Request request, int status) {
    if (status == 501 || status == 505) {
      return Problem.ofStatus(
          status,
          "HTTP/1.0 and 1.1 are spoken here, with the usual methods and with Transfer-Encoding:"
              + " chunked or none.");
    }
    if (status >= 500) {
      return Problem.of(status, "internal", "Internal error", "The request could not be answered.");
    }
    return Problem.ofStatus(
        status,
        "The request line or a header cannot be read. Together they have "
            + kilobytes(request)
            + " KB at most; a long query goes with POST, where it is taken so. Special"
            + " characters in the address are written as %XX.");
  }
}
