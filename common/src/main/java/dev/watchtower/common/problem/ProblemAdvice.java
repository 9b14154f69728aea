package dev.watchtower.common.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Collectors;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** Turns whatever ends a request into a problem document. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class ProblemAdvice {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

  private final ProblemWriter writer;

  ProblemAdvice(ProblemWriter writer) {
    this.writer = writer;
  }

  @ExceptionHandler
  void answer(Exception thrown, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (isHangUp(thrown)
        || (thrown instanceof HttpMessageNotWritableException e && anyHangUp(e.getCause()))) {
      // The caller has gone; nobody is left to answer, or the error page does it.
      return;
    }
    var problem = problemOf(thrown);
    if (problem.status() == 500) {
      LOG.atError().setCause(thrown).log("request failed");
    }
    if (thrown instanceof HttpRequestMethodNotSupportedException e
        && e.getSupportedHttpMethods() != null) {
      response.setHeader(
          "Allow",
          e.getSupportedHttpMethods().stream()
              .map(HttpMethod::name)
              .collect(Collectors.joining(", ")));
    }
    writer.write(request, response, problem);
  }

  private static boolean isHangUp(Throwable thrown) {
    return thrown instanceof AsyncRequestNotUsableException
        || thrown instanceof ClientAbortException;
  }

  /** The same below what a library made of it. */
  private static boolean anyHangUp(@Nullable Throwable thrown) {
    for (var at = thrown; at != null; at = at.getCause()) {
      if (isHangUp(at)) {
        return true;
      }
    }
    return false;
  }

  private static Problem problemOf(Exception thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof Problem problem) {
        return problem;
      }
    }
    return switch (thrown) {
      case HttpMessageNotReadableException e -> unreadable(e);
      case MethodArgumentNotValidException e -> {
        var problem = Problem.badRequest("Some fields are not valid.");
        e.getBindingResult()
            .getFieldErrors()
            .forEach(f -> problem.fault(f.getField(), orEmpty(f.getDefaultMessage())));
        yield problem;
      }
      case HandlerMethodValidationException e -> {
        var problem = Problem.badRequest("Some parameters are not valid.");
        e.getParameterValidationResults()
            .forEach(r ->
                r.getResolvableErrors()
                    .forEach(f ->
                        problem.fault(
                            orEmpty(r.getMethodParameter().getParameterName()),
                            orEmpty(f.getDefaultMessage()))));
        yield problem;
      }
      case MissingServletRequestParameterException e ->
          Problem.badField(e.getParameterName(), "this parameter is required");
      case MethodArgumentTypeMismatchException e ->
          Problem.badField(
              e.getName(), Expected.elementOf(e.getParameter().getGenericParameterType()));
      case InvalidParameterException e -> undecodable(e);
      // Spring Security looks at a header when it is read, and not before.
      case RequestRejectedException e ->
          Problem.badRequest(
              "A header has characters that are not allowed: what is not ASCII has to be sent as"
                  + " %XX.");
      case HttpMediaTypeNotSupportedException e ->
          Problem.of(
              415,
              "unsupported-media-type",
              "This media type is not taken here",
              "Expected "
                  + e.getSupportedMediaTypes().stream()
                      .map(MediaType::toString)
                      .collect(Collectors.joining(" or "))
                  + ".");
      case ClientAbortException e ->
          // It had hung up, or was so slow that we did; an answer may still reach it.
          Problem.of(408, "incomplete", "The request is not complete", "It did not come in time.");
      case NoResourceFoundException e -> Problem.ofStatus(404, "There is nothing at this address.");
      case ErrorResponse e -> {
        int status = e.getStatusCode().value();
        yield status >= 500 && status != 503
            ? unexpected()
            : Problem.ofStatus(status, orEmpty(e.getBody().getDetail()));
      }
      default -> DatabaseProblems.of(thrown).orElseGet(ProblemAdvice::unexpected);
    };
  }

  /** The answer where Tomcat could not take the parameters of a request apart. */
  static Problem undecodable(InvalidParameterException e) {
    return e.getErrorCode() == 413
        ? Problem.ofStatus(413, "It has too many parameters, or too long ones.")
        : Problem.badRequest(
            "A parameter cannot be decoded: it has to be UTF-8, special characters as %XX.");
  }

  private static Problem unexpected() {
    return Problem.of(
        500,
        "internal",
        "Something went wrong here",
        "The service has logged it under the trace id.");
  }

  private static Problem unreadable(HttpMessageNotReadableException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof JacksonException json) {
        return JsonFaults.of(json);
      }
    }
    return Problem.badRequest("The body is missing or cannot be read.")
        .fault("", "missing or unreadable");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
