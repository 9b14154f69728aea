package dev.watchtower.ingest.doors.web;

import dev.watchtower.common.web.WebAttributes;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.otlp.OtlpAnswers;
import dev.watchtower.ingest.doors.otlp.OtlpDoor;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.IngestCounters;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/metrics}: OTLP/HTTP. Errors are {@code Status} messages, as its spec says. */
@RestController
class OtlpController {
  static final String PATH = "/v1/metrics";
  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  /** A code of gRPC, like the next. */
  static final int INVALID_ARGUMENT = 3;

  static final int UNAVAILABLE = 14;

  private final OtlpDoor door;
  private final BodyReader bodies;
  private final IngestCounters counters;

  OtlpController(OtlpDoor door, BodyReader bodies, IngestCounters counters) {
    this.door = door;
    this.bodies = bodies;
    this.counters = counters;
  }

  @PostMapping(PATH)
  @Operation(
      summary = "OTLP/HTTP metrics, protobuf or JSON, gzip or deflate allowed",
      requestBody =
          @RequestBody(
              required = true,
              description = "An ExportMetricsServiceRequest",
              content = {
                @Content(
                    mediaType = PROTOBUF,
                    schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = JSON, schema = @Schema(type = "object"))
              }))
  @ApiResponse(
      responseCode = "200",
      description = "An ExportMetricsServiceResponse: durably stored, but for what it refuses",
      content = {
        @Content(mediaType = PROTOBUF, schema = @Schema(type = "string", format = "binary")),
        @Content(mediaType = JSON, schema = @Schema(type = "object"))
      })
  @ApiResponse(
      responseCode = "default",
      description = "A Status, as the specification of OTLP says",
      content = {
        @Content(mediaType = PROTOBUF, schema = @Schema(type = "string", format = "binary")),
        @Content(mediaType = JSON, schema = @Schema(type = "object"))
      })
  void export(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var json = type(request.getContentType()).equals(JSON);
    try {
      if (!json && !type(request.getContentType()).equals(PROTOBUF)) {
        throw BadBodyException.unsupported("Content-Type must be " + PROTOBUF + " or " + JSON);
      }
      var result =
          bodies.decoded(
              request.getInputStream(),
              request.getContentLengthLong(),
              request.getHeader("Content-Encoding"),
              DoorProblems.guarded((body, memory) -> door.accept(body, json, memory)));
      if (result.rejectedPoints() > 0) {
        request.setAttribute(WebAttributes.REFUSED_IN_PART, true);
      }
      answer(response, HttpServletResponse.SC_OK, OtlpAnswers.success(result, json), json);
    } catch (BadBodyException e) {
      counters.countUnreadable();
      var status =
          switch (e.kind()) {
            case MALFORMED -> HttpServletResponse.SC_BAD_REQUEST;
            case TOO_LARGE -> HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
            case UNSUPPORTED -> HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE;
          };
      error(response, status, INVALID_ARGUMENT, e.getMessage(), json);
    } catch (StoreUnavailableException e) {
      counters.countRefused(e);
      response.setHeader("Retry-After", Long.toString(DoorProblems.RETRY_AFTER.toSeconds()));
      error(
          response,
          HttpServletResponse.SC_SERVICE_UNAVAILABLE,
          UNAVAILABLE,
          "Nothing of this request is acknowledged, send it again: " + e.getMessage(),
          json);
    }
  }

  /** The type without parameters, in lower case; empty for none. */
  static String type(@Nullable String contentType) {
    var text = contentType == null ? "" : contentType;
    var end = text.indexOf(';');
    return (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  private static void error(
      HttpServletResponse response, int status, int code, @Nullable String message, boolean json)
      throws IOException {
    answer(response, status, OtlpAnswers.status(code, String.valueOf(message), json), json);
  }

  private static void answer(HttpServletResponse response, int status, byte[] body, boolean json)
      throws IOException {
    response.setStatus(status);
    response.setContentType(json ? JSON : PROTOBUF);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
