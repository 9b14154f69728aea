package dev.watchtower.common.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes each log event as one line of JSON and keeps it in the {@link #RECENT} ring. Set by {@code
 * logging.structured.format.console}; made by Boot before there is any bean.
 */
public final class JsonLines implements StructuredLogFormatter<ILoggingEvent> {
  /** The newest lines of this process. */
  public static final LogRing RECENT = new LogRing(2_000, 2_000_000);

  private static final int MAX_TEXT = 8_192;
  private static final int MAX_FIELDS = 50;

  private final String service;
  private final JsonMapper json = new JsonMapper();

  /** A formatter for the process that {@code environment} describes. */
  public JsonLines(Environment environment) {
    this.service =
        environment.getProperty(
            "watchtower.service", environment.getProperty("spring.application.name", "unknown"));
  }

  @Override
  public String format(ILoggingEvent event) {
    var line = line(event);
    RECENT.add(line);
    var members = new LinkedHashMap<String, Object>();
    members.put("time", line.time().toString());
    members.put("level", line.level());
    members.put("service", line.service());
    members.put("logger", line.logger());
    members.put("message", line.message());
    if (line.traceId() != null) {
      members.put("traceId", line.traceId());
    }
    if (line.spanId() != null) {
      members.put("spanId", line.spanId());
    }
    line.fields().forEach(members::putIfAbsent);
    if (line.exception() != null) {
      members.put("exception", line.exception());
    }
    try {
      return json.writeValueAsString(members) + "\n";
    } catch (JacksonException e) {
      // A line that cannot be written must not be lost without a trace, nor break who logged it.
      return "{\"level\":\"ERROR\",\"message\":\"a log line could not be written\"}\n";
    }
  }

  private LogLine line(ILoggingEvent event) {
    var fields = new LinkedHashMap<String, Object>();
    var mdc = event.getMDCPropertyMap();
    mdc.forEach((key, value) -> {
      if (!key.equals("traceId") && !key.equals("spanId")) {
        add(fields, key, value);
      }
    });
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> add(fields, pair.key, pair.value));
    }
    var thrown = event.getThrowableProxy();
    return new LogLine(
        event.getInstant(),
        event.getLevel().toString(),
        service,
        event.getLoggerName(),
        clean(String.valueOf(event.getFormattedMessage())),
        mdc.get("traceId"),
        mdc.get("spanId"),
        fields,
        thrown == null ? null : clean(ThrowableProxyUtil.asString(thrown)));
  }

  private static void add(Map<String, Object> fields, String key, @Nullable Object value) {
    if (value == null || fields.size() >= MAX_FIELDS) {
      return;
    }
    fields.put(
        key, value instanceof Number || value instanceof Boolean ? value : clean(value.toString()));
  }

  private static String clean(String text) {
    return Secrets.masked(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text);
  }
}
