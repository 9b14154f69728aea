package dev.watchtower.ingest.query.web;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * For the document of the API: the operation answers and refuses in the form of Prometheus' HTTP
 * API.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "200",
    description = "status, and data as Prometheus gives it",
    content = @Content(mediaType = "application/json", schema = @Schema(type = "object")))
@ApiResponse(
    responseCode = "default",
    description =
        "status, errorType and error as Prometheus gives them; without a good token a problem",
    content = {
      @Content(mediaType = "application/json", schema = @Schema(type = "object")),
      @Content(
          mediaType = "application/problem+json",
          schema = @Schema(ref = "#/components/schemas/Problem"))
    })
public @interface PrometheusAnswers {}
