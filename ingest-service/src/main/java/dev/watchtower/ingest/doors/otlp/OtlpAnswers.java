package dev.watchtower.ingest.doors.otlp;

import com.google.protobuf.CodedOutputStream;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of answers, in the encoding of the request. */
public final class OtlpAnswers {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_MESSAGE = 1000;

  private OtlpAnswers() {}

  /** For a request that was taken, wholly or in part. */
  public static byte[] success(OtlpDoor.Result result, boolean json) {
    var rejected = result.rejectedPoints();
    // A warning comes without rejected points, as the specification allows.
    var message =
        cut(
            Stream.of(result.written().refusals().describe(), result.warning())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; ")));
    if (json) {
      var partial = new LinkedHashMap<String, Object>();
      partial.put("rejectedDataPoints", Long.toString(rejected));
      partial.put("errorMessage", message);
      return JSON.writeValueAsBytes(
          message.isEmpty() ? Map.of() : Map.of("partialSuccess", partial));
    }
    var response = ExportMetricsServiceResponse.newBuilder();
    if (!message.isEmpty()) {
      response.setPartialSuccess(
          ExportMetricsPartialSuccess.newBuilder()
              .setRejectedDataPoints(rejected)
              .setErrorMessage(message));
    }
    return response.build().toByteArray();
  }

  /**
   * {@code google.rpc.Status}, as the specification asks of every error.
   *
   * @param code of gRPC, for example 3 (invalid argument) or 14 (unavailable)
   */
  public static byte[] status(int code, String message, boolean json) {
    if (json) {
      var status = new LinkedHashMap<String, Object>();
      status.put("code", code);
      status.put("message", cut(message));
      return JSON.writeValueAsBytes(status);
    }
    try {
      var bytes = new ByteArrayOutputStream();
      var out = CodedOutputStream.newInstance(bytes);
      out.writeInt32(1, code);
      out.writeByteArray(2, cut(message).getBytes(StandardCharsets.UTF_8));
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
  }
}
