package dev.watchtower.ingest.doors.web;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.remotewrite.RemoteWriteDoor;
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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/write}: Prometheus remote write. */
@RestController
class RemoteWriteController {
  private static final String SAMPLES = "X-Prometheus-Remote-Write-Samples-Written";
  private static final String HISTOGRAMS = "X-Prometheus-Remote-Write-Histograms-Written";
  private static final String EXEMPLARS = "X-Prometheus-Remote-Write-Exemplars-Written";

  private final RemoteWriteDoor door;
  private final BodyReader bodies;
  private final IngestCounters counters;

  RemoteWriteController(RemoteWriteDoor door, BodyReader bodies, IngestCounters counters) {
    this.door = door;
    this.bodies = bodies;
    this.counters = counters;
  }

  @PostMapping("/api/v1/write")
  @Operation(
      summary = "Prometheus remote write 1.0 and 2.0, chosen by the content type",
      requestBody =
          @RequestBody(
              required = true,
              description = "A write request in snappy's block format",
              content =
                  @Content(
                      mediaType = OtlpController.PROTOBUF,
                      schema = @Schema(type = "string", format = "binary"))))
  @ApiResponse(responseCode = "204", description = "Durably stored")
  void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
    // Set first: they are due on failure too, and only a 2.0 sender minds them.
    written(response, 0, 0);
    try {
      var version =
          RemoteWriteDoor.version(request.getContentType(), request.getHeader("Content-Encoding"));
      var written =
          bodies.raw(
              request.getInputStream(),
              request.getContentLengthLong(),
              door::decompressedLength,
              DoorProblems.guarded((body, memory) -> door.accept(version, body, memory)));
      written(response, written.samples(), written.histograms());
      if (written.result().refusals().total() > 0) {
        throw DoorProblems.refused(written.result());
      }
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    } catch (BadBodyException e) {
      counters.countUnreadable();
      throw DoorProblems.of(e);
    } catch (StoreUnavailableException e) {
      counters.countRefused(e);
      throw DoorProblems.of(e);
    }
  }

  private static void written(HttpServletResponse response, long samples, long histograms) {
    response.setHeader(SAMPLES, Long.toString(samples));
    response.setHeader(HISTOGRAMS, Long.toString(histograms));
    response.setHeader(EXEMPLARS, "0");
  }
}
