package dev.watchtower.ingest.doors.web;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.REQUIRED;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/v1/metrics} as the document of the API has it. It is read as a
 * stream, without this.
 */
record Samples(@Schema(requiredMode = REQUIRED) List<Sample> samples) {
  /** One value of one series. */
  record Sample(
      @Schema(requiredMode = REQUIRED) String name,
      @Nullable String service,
      @Nullable String env,
      @Nullable Map<String, String> labels,
      @Schema(description = "Milliseconds since the epoch; now if it is missing") @Nullable Long ts,
      @Schema(
              requiredMode = REQUIRED,
              description = "A number, or one of the texts NaN, +Inf and -Inf",
              oneOf = {Double.class, String.class})
          Object value) {}
}
