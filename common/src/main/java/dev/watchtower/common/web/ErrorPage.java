package dev.watchtower.common.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what fails before or outside a controller in the same form as everything else. */
@Controller
final class ErrorPage implements ErrorController {
  private final ProblemWriter problems;

  ErrorPage(ProblemWriter problems) {
    this.problems = problems;
  }

  @RequestMapping("/error")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : 404;
    for (Throwable at =
            request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown
                ? thrown
                : null;
        at != null;
        at = at.getCause()) {
      if (at instanceof Problem problem) {
        problems.write(request, response, problem);
        return;
      }
      if (at instanceof EOFException || at instanceof SocketTimeoutException) {
        problems.write(request, response, incomplete());
        return;
      }
    }
    problems.write(
        request,
        response,
        status >= 500
            ? Problem.of(
                status,
                "internal",
                "Something went wrong here",
                "The service has logged it under the trace id.")
            : Problem.ofStatus(Math.max(400, status), detailOf(status)));
  }

  private static String detailOf(int status) {
    return switch (status) {
      case 404 -> "There is nothing at this path.";
      case 405 -> "This method is taken at no address.";
      default -> "The request could not be read.";
    };
  }

  /**
   * A body that did not come: Tomcat makes it 400, after which senders throw the request away. It
   * may have been the network, and nothing was done.
   */
  private static Problem incomplete() {
    return Problem.unavailable(
        "The request did not come to its end in time; nothing of it was done.",
        Duration.ofSeconds(2));
  }
}
