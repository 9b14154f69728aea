package dev.watchtower.common.chaosagent;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Slow and failing requests. It sits where a controller's own fault would: behind the measuring
 * filter and after the route is known, so that telemetry does not tell an injected fault from a
 * real one.
 */
final class FaultInterceptor implements HandlerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(FaultInterceptor.class);

  private final LeaseBook book;
  private final RandomGenerator random;

  FaultInterceptor(LeaseBook book, RandomGenerator random) {
    this.book = book;
    this.random = random;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (request.getDispatcherType() != DispatcherType.REQUEST) {
      return true;
    }
    book.faults(Fault.Latency.class)
        .filter(l -> random.nextDouble() < l.ratio())
        .forEach(l -> Delays.hold(book, l, delay(l)));
    var error =
        book.faults(Fault.Errors.class).filter(e -> random.nextDouble() < e.ratio()).findFirst();
    if (error.isPresent()) {
      LOG.atDebug().log("answering with an injected error");
      response.sendError(error.get().status());
      return false;
    }
    return true;
  }

  private Duration delay(Fault.Latency latency) {
    double spread = (2 * random.nextDouble() - 1) * latency.jitter().toMillis();
    return Duration.ofMillis(Math.max(0, latency.delay().toMillis() + (long) spread));
  }
}
