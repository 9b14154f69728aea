package dev.watchtower.monitor.dashboard.web;

import dev.watchtower.common.problem.DatabaseProblems;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.common.web.TraceContext;
import dev.watchtower.monitor.config.HtmlRequests;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;

/** Errors as plain pages for people's browsers; programs get problem details as everywhere. */
@Controller
class HtmlErrors implements HandlerExceptionResolver, ErrorController, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(HtmlErrors.class);

  private final ProblemWriter problems;

  HtmlErrors(ProblemWriter problems) {
    this.problems = problems;
  }

  /** Before the advice that answers programs. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception thrown) {
    if (!HtmlRequests.wantsPage(request)) {
      return null;
    }
    var problem = problemIn(thrown);
    if (problem != null) {
      return page(request, response, problem);
    }
    if (thrown instanceof ErrorResponse answer) {
      return page(request, answer.getStatusCode().value());
    }
    if (thrown instanceof InvalidParameterException) {
      return page(request, 400);
    }
    LOG.atError().setCause(thrown).log("request failed");
    return page(request, 500);
  }

  private static @Nullable Problem problemIn(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof Problem problem) {
        return problem;
      }
    }
    return DatabaseProblems.of(thrown).orElse(null);
  }

  /** What fails before or outside a controller. */
  @RequestMapping("/error")
  @Nullable ModelAndView error(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : 404;
    var problem =
        request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown
            ? problemIn(thrown)
            : null;
    if (HtmlRequests.wantsPage(request)) {
      return problem == null ? page(request, status) : page(request, response, problem);
    }
    problems.write(request, response, problem == null ? plain(status) : problem);
    return null;
  }

  private static ModelAndView page(
      HttpServletRequest request, HttpServletResponse response, Problem problem) {
    var retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      response.setHeader("Retry-After", Long.toString(retryAfter.toSeconds()));
    }
    return page(request, problem.status(), problem.title(), problem.getMessage());
  }

  private static ModelAndView page(HttpServletRequest request, int status) {
    var problem = plain(status);
    return page(request, status, problem.title(), problem.getMessage());
  }

  private static ModelAndView page(
      HttpServletRequest request, int status, String title, @Nullable String detail) {
    request.setAttribute(View.RESPONSE_STATUS_ATTRIBUTE, HttpStatus.valueOf(status));
    var page =
        new ModelAndView(
            "error-page",
            Map.of(
                "title",
                title,
                "detail",
                detail == null ? "" : detail,
                "traceId",
                TraceContext.of(request).traceId()));
    page.setStatus(HttpStatus.valueOf(status));
    return page;
  }

  private static Problem plain(int status) {
    return switch (status) {
      case 403 ->
          Problem.of(
              403, "forbidden", "Not allowed", "Your role does not allow this. Ask an ADMIN.");
      case 404 -> Problem.notFound("There is nothing at this address.");
      case 405 ->
          Problem.of(
              405,
              "method-not-allowed",
              "This method is not allowed here",
              "Go back and try again.");
      case 503 -> Problem.of(503, "unavailable", "Not available now", "Try again in a moment.");
      default ->
          status >= 500
              ? Problem.of(
                  status,
                  "internal",
                  "Something went wrong here",
                  "It is in the log under the trace id below.")
              : Problem.of(
                  Math.max(400, status),
                  "bad-request",
                  "The request is not valid",
                  "Go back and try again.");
    };
  }
}
