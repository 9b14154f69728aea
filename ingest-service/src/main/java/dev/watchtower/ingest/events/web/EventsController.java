package dev.watchtower.ingest.events.web;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.events.ChangeEvents.Search;
import dev.watchtower.ingest.events.CloudEvents;
import dev.watchtower.ingest.events.InvalidEventException;
import dev.watchtower.ingest.events.ReceivedEvent;
import dev.watchtower.ingest.golden.EnvNames;
import dev.watchtower.ingest.golden.ServiceRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/events}: CloudEvents in, change events out. */
@RestController
@RequestMapping("/api/v1/events")
class EventsController {
  private static final Duration DEFAULT_SPAN = Duration.ofDays(1);
  private static final int DEFAULT_LIMIT = 200;
  private static final int MAX_LIMIT = 1000;

  /**
   * What became of a request's events.
   *
   * @param duplicates known already by source and id
   */
  record Taken(int stored, int duplicates) {}

  private final ChangeEvents events;
  private final CloudEvents reader;
  private final ServiceRegistry services;
  private final LazyMigration migration;
  private final Clock clock;

  EventsController(
      ChangeEvents events,
      CloudEvents reader,
      ServiceRegistry services,
      LazyMigration migration,
      Clock clock) {
    this.events = events;
    this.reader = reader;
    this.services = services;
    this.migration = migration;
    this.clock = clock;
  }

  @PostMapping
  @Operation(
      summary = "CloudEvents 1.0: structured, batched or binary",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              description =
                  "An event, several, or the data of the one that the headers ce-… tell of",
              content = {
                @Content(
                    mediaType = "application/cloudevents+json",
                    schema = @Schema(type = "object")),
                @Content(
                    mediaType = "application/cloudevents-batch+json",
                    array = @ArraySchema(schema = @Schema(type = "object"))),
                @Content(mediaType = "application/json", schema = @Schema(type = "object"))
              }))
  Taken add(HttpServletRequest request, @RequestBody(required = false) byte @Nullable [] sent) {
    var body = sent == null ? new byte[0] : sent;
    try {
      var read = read(request, body);
      migration.require();
      var stored = events.add(read);
      return new Taken(stored, read.size() - stored);
    } catch (InvalidEventException e) {
      throw Problem.badField(e.path(), String.valueOf(e.getMessage()));
    }
  }

  private List<ReceivedEvent> read(HttpServletRequest request, byte[] body) {
    var type = type(request);
    var now = clock.instant();
    if (type.equals("application/cloudevents-batch+json")) {
      return reader.batch(body, now);
    }
    if (type.equals("application/cloudevents+json")) {
      return List.of(reader.structured(body, now));
    }
    var attributes = attributes(request);
    if (!attributes.isEmpty() && isForm(request)) {
      throw Problem.of(
          415,
          "unsupported-media-type",
          "A form is not taken here",
          "Send the data with Content-Type: application/json (curl says it is a form otherwise).");
    }
    if (!attributes.isEmpty()) {
      return List.of(reader.binary(attributes, body, type, now));
    }
    throw Problem.of(
        415,
        "unsupported-media-type",
        "The type is not taken here",
        "Send application/cloudevents+json, application/cloudevents-batch+json, or the headers"
            + " ce-id, ce-source, ce-type and ce-specversion.");
  }

  /** Whether it is said to be a form: what is read of it then is not what was sent. */
  static boolean isForm(HttpServletRequest request) {
    return type(request).equals("application/x-www-form-urlencoded");
  }

  private static String type(HttpServletRequest request) {
    var text = request.getContentType() == null ? "" : request.getContentType();
    var end = text.indexOf(';');
    return (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> attributes(HttpServletRequest request) {
    var attributes = new HashMap<String, String>();
    request
        .getHeaderNames()
        .asIterator()
        .forEachRemaining(name -> {
          if (name.regionMatches(true, 0, "ce-", 0, 3)) {
            attributes.put(
                name.substring(3).toLowerCase(Locale.ROOT), decoded(request.getHeader(name)));
          }
        });
    return attributes;
  }

  /**
   * Header values may be quoted, and are percent-encoded in the HTTP binding; a plus stays a plus.
   */
  private static String decoded(String sent) {
    var value =
        sent.length() > 1 && sent.startsWith("\"") && sent.endsWith("\"")
            ? sent.substring(1, sent.length() - 1).replaceAll("\\\\(.)", "$1")
            : sent;
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  @GetMapping
  @Operation(summary = "Change events, newest first; those of a blind chaos run after it ended")
  PageOf<ChangeEvent> find(
      @RequestParam(required = false) @Nullable String service,
      @RequestParam(required = false) @Nullable String env,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(defaultValue = "" + DEFAULT_LIMIT) int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Problem.badField("limit", "expected 1 to " + MAX_LIMIT);
    }
    for (var parameter : new @Nullable String[] {service, env}) {
      if (parameter != null && parameter.indexOf('\0') >= 0) {
        throw Problem.badRequest("service and env have no NUL");
      }
    }
    var until = to == null ? clock.instant().plus(DEFAULT_SPAN) : to;
    var since = from == null ? until.minus(DEFAULT_SPAN.multipliedBy(2)) : from;
    var after = page == null ? null : Pages.parse(page);
    migration.require();
    var called = env == null ? null : EnvNames.of(env, services);
    var found = events.find(new Search(service, called, null, since, until, after, limit + 1));
    return Pages.of(found, limit);
  }
}
