package dev.watchtower.incident.signals.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.incident.signals.SignalQueue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Too many signals wait: the sender keeps its own and comes again. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class FullQueueAdvice {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final ProblemWriter writer;

  FullQueueAdvice(ProblemWriter writer) {
    this.writer = writer;
  }

  @ExceptionHandler(SignalQueue.Full.class)
  void answer(SignalQueue.Full full, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    writer.write(
        request,
        response,
        Problem.unavailable(
            "Too many signals at once (" + full.getMessage() + "); send it again.", RETRY));
  }
}
