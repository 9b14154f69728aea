package dev.watchtower.ingest.doors.web;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.FaultyFieldException;
import dev.watchtower.ingest.doors.json.JsonDoor;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.IngestCounters;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/metrics}: plain JSON for scripts. */
@RestController
class JsonController {
  private final JsonDoor door;
  private final BodyReader bodies;
  private final IngestCounters counters;

  JsonController(JsonDoor door, BodyReader bodies, IngestCounters counters) {
    this.door = door;
    this.bodies = bodies;
    this.counters = counters;
  }

  @PostMapping("/api/v1/metrics")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Samples as plain JSON, gzip or deflate allowed",
      requestBody =
          @RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = OtlpController.JSON,
                      schema = @Schema(implementation = Samples.class))))
  void write(HttpServletRequest request) throws IOException {
    try {
      // Here, and not before: who sends another type is counted as at the other doors.
      if (!OtlpController.type(request.getContentType()).equals(OtlpController.JSON)) {
        throw BadBodyException.unsupported("Content-Type must be " + OtlpController.JSON);
      }
      var result =
          bodies.decoded(
              request.getInputStream(),
              request.getContentLengthLong(),
              request.getHeader("Content-Encoding"),
              DoorProblems.guarded(door::accept));
      if (result.refusals().total() > 0) {
        throw DoorProblems.refused(result);
      }
    } catch (BadBodyException e) {
      counters.countUnreadable();
      throw DoorProblems.of(e);
    } catch (FaultyFieldException e) {
      counters.countUnreadable();
      throw DoorProblems.of(e);
    } catch (StoreUnavailableException e) {
      counters.countRefused(e);
      throw DoorProblems.of(e);
    }
  }
}
