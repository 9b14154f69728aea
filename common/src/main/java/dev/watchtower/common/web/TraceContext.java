package dev.watchtower.common.web;

import dev.watchtower.common.time.SystemEdge;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The W3C trace context (level 1) of a unit of work: taken from {@code traceparent} or made anew,
 * kept in the logging context under {@code traceId} and {@code spanId}, passed on to peers.
 *
 * @param traceId 32 lower-case hex digits, not all zero
 * @param spanId 16 lower-case hex digits, this service's own span
 * @param sampled the sampled flag as it came in
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {
  private static final Pattern TRACEPARENT =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final String ATTRIBUTE = TraceContext.class.getName();
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A context of its own, for work that no request began. */
  public static TraceContext fresh() {
    return new TraceContext(hex(16), hex(8), true);
  }

  /**
   * The next span of what {@code traceparent} says; a fresh context where it is absent or
   * malformed.
   */
  public static TraceContext continued(@Nullable String traceparent) {
    if (traceparent != null && traceparent.length() <= 256) {
      var match = TRACEPARENT.matcher(traceparent);
      if (match.matches()
          && !match.group(1).equals("ff")
          && (match.group(5) == null || !match.group(1).equals("00"))
          && !match.group(2).equals("0".repeat(32))
          && !match.group(3).equals("0".repeat(16))) {
        boolean sampled = (Integer.parseInt(match.group(4), 16) & 1) == 1;
        return new TraceContext(match.group(2), hex(8), sampled);
      }
    }
    return fresh();
  }

  /** The request's context, made when it has none yet. */
  public static TraceContext of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof TraceContext known) {
      return known;
    }
    var made = continued(request.getHeader("traceparent"));
    request.setAttribute(ATTRIBUTE, made);
    return made;
  }

  /** The context of the work on this thread, if {@link #open} was called on it. */
  public static Optional<TraceContext> current() {
    var trace = MDC.get("traceId");
    var span = MDC.get("spanId");
    return trace == null || span == null
        ? Optional.empty()
        : Optional.of(new TraceContext(trace, span, true));
  }

  /** Makes this the context of the thread until the result is closed. */
  public Scope open() {
    var trace = MDC.putCloseable("traceId", traceId);
    var span = MDC.putCloseable("spanId", spanId);
    return () -> {
      span.close();
      trace.close();
    };
  }

  /** The header value for a call to a peer. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }

  /** Ends {@link #open}. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  @SystemEdge("identifiers must be unique over all processes")
  private static String hex(int bytes) {
    var raw = new byte[bytes];
    RANDOM.nextBytes(raw);
    return HexFormat.of().formatHex(raw);
  }
}
