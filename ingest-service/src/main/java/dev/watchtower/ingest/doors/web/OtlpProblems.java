package dev.watchtower.ingest.doors.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemFormat;
import dev.watchtower.ingest.doors.otlp.OtlpAnswers;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UrlPathHelper;

/**
 * What is refused before {@link OtlpController} sees it, for lack of a token for example, as the
 * {@code Status} that the specification of OTLP asks for: exporters log its message.
 */
@Component
class OtlpProblems implements ProblemFormat {
  /** A request without a type is no exporter's; people read problems more easily. */
  @Override
  public boolean fits(HttpServletRequest request) {
    return request.getContentType() != null
        && OtlpController.PATH.equals(
            UrlPathHelper.defaultInstance.getPathWithinApplication(request));
  }

  @Override
  public String contentType(HttpServletRequest request) {
    return isJson(request) ? OtlpController.JSON : OtlpController.PROTOBUF;
  }

  @Override
  public byte[] body(HttpServletRequest request, Problem problem) {
    return OtlpAnswers.status(
        code(problem.status()), problem.title() + ": " + problem.getMessage(), isJson(request));
  }

  private static boolean isJson(HttpServletRequest request) {
    return OtlpController.type(request.getContentType()).equals(OtlpController.JSON);
  }

  /** The code of gRPC that stands for a status of HTTP. */
  private static int code(int status) {
    return switch (status) {
      case 400, 413, 415 -> OtlpController.INVALID_ARGUMENT;
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 5;
      case 405 -> 12;
      case 408, 503 -> OtlpController.UNAVAILABLE;
      default -> status >= 500 ? 13 : 2;
    };
  }
}
