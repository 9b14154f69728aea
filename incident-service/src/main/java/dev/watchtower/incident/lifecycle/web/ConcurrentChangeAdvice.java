package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.lifecycle.ConcurrentChange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Work that lost against others every time: nothing is stored, and later it will pass. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConcurrentChangeAdvice {
  private final ProblemWriter writer;

  ConcurrentChangeAdvice(ProblemWriter writer) {
    this.writer = writer;
  }

  @ExceptionHandler(ConcurrentChange.class)
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    AuditNote.undone();
    writer.write(
        request,
        response,
        Problem.unavailable(
            "Too many changes of this incident at once; nothing was stored. Try again.",
            Duration.ofSeconds(1)));
  }
}
