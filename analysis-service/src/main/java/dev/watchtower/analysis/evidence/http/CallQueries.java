package dev.watchtower.analysis.evidence.http;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Queries for the calls between services, in every convention of which a sender may be: the first
 * one that has values at an instant gives them.
 *
 * @param labels matchers of the service, such as {@code service="shop",env="prod"}
 * @param window over which rates are taken, such as {@code 30s}
 */
record CallQueries(String labels, String window) {
  /** Labels that name the host that a call goes to. */
  static final List<String> CALLED_HOST =
      Arrays.stream(Convention.values()).map(c -> c.host).distinct().toList();

  /** How HTTP clients and servers are measured. */
  private enum Convention {
    /** Micrometer's OTLP registry. */
    MICROMETER(
        "http_client_requests_milliseconds",
        "http_server_requests_milliseconds",
        "outcome=~\"SERVER_ERROR|UNKNOWN\"",
        "client_name",
        "uri",
        " / 1000"),
    /** Micrometer's Prometheus registry. */
    MICROMETER_PROMETHEUS(
        "http_client_requests_seconds",
        "http_server_requests_seconds",
        "outcome=~\"SERVER_ERROR|UNKNOWN\"",
        "client_name",
        "uri",
        ""),
    /** Semantic conventions of OpenTelemetry; no status where no answer came. */
    OPENTELEMETRY(
        "http_client_request_duration_seconds",
        "http_server_request_duration_seconds",
        "http_response_status_code=~\"5..|\"",
        "server_address",
        "http_route",
        ""),
    /** The same from Micrometer's OTLP registry, which counts in milliseconds. */
    MICROMETER_OPENTELEMETRY(
        "http_client_request_duration_milliseconds",
        "http_server_request_duration_milliseconds",
        "http_response_status_code=~\"5..|\"",
        "server_address",
        "http_route",
        " / 1000");

    private final String client;
    private final String server;
    private final String failed;
    private final String host;
    private final String path;
    private final String toSeconds;

    Convention(
        String client, String server, String failed, String host, String path, String toSeconds) {
      this.client = client;
      this.server = server;
      this.failed = failed;
      this.host = host;
      this.path = path;
      this.toSeconds = toSeconds;
    }
  }

  /** The share of calls to others that fail. */
  String clientErrors() {
    return any(c -> {
      var all = "sum(" + rate(c.client + "_count", "") + ")";
      var failed = "sum(" + rate(c.client + "_count", "," + c.failed) + ")";
      // Before the first failure there is no series of failures: 0 stands for it.
      return "(" + failed + " or 0 * " + all + ") / " + all;
    });
  }

  /** The mean time of calls to others, in seconds. */
  String clientLatency() {
    return any(c -> mean("sum", c.client, "", c.toSeconds));
  }

  /** The same by host that was called; the labels that may name it are {@link #CALLED_HOST}. */
  String waited() {
    return any(c -> mean("sum by (" + c.host + ") ", c.client, "", c.toSeconds));
  }

  /**
   * The mean time in which it answers itself, in seconds: without health checks, which take no time
   * and which no service waits for.
   */
  String worked() {
    return any(
        c -> mean("sum", c.server, "," + c.path + "!~\"/health.*|/actuator.*\"", c.toSeconds));
  }

  private String mean(String sum, String metric, String further, String toSeconds) {
    return sum
        + ("(" + rate(metric + "_sum", further) + ") / " + sum)
        + ("(" + rate(metric + "_count", further) + ")" + toSeconds);
  }

  private String rate(String metric, String further) {
    return "rate(" + metric + "{" + labels + further + "}[" + window + "])";
  }

  private static String any(Function<Convention, String> query) {
    return Arrays.stream(Convention.values())
        .map(c -> "(" + query.apply(c) + ")")
        .collect(Collectors.joining(" or "));
  }
}
