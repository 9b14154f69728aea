package dev.watchtower.common.logs;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the log, free of secrets.
 *
 * @param level {@code TRACE}, {@code DEBUG}, {@code INFO}, {@code WARN} or {@code ERROR}
 * @param traceId 32 hex digits, where the line belongs to a request
 * @param fields what the line says beside its message
 * @param exception stack trace, if there is one, shortened
 */
public record LogLine(
    Instant time,
    String level,
    String service,
    String logger,
    String message,
    @Nullable String traceId,
    @Nullable String spanId,
    Map<String, Object> fields,
    @Nullable String exception) {
  public LogLine {
    fields = Map.copyOf(fields);
  }

  /** Roughly how many characters it takes to keep. */
  int size() {
    int size = 200 + message.length() + (exception == null ? 0 : exception.length());
    for (var field : fields.entrySet()) {
      size += field.getKey().length() + (field.getValue() instanceof String s ? s.length() : 16);
    }
    return size;
  }
}
