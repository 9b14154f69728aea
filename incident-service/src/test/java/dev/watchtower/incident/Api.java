package dev.watchtower.incident;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service over HTTP, as a client sees it. */
public final class Api {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** An answer; the body is a missing node where there is none. */
  public record Answer(int status, JsonNode body) {
    /** Text of a member. */
    public String text(String name) {
      return body.path(name).asString("");
    }
  }

  private final String base;
  private final Supplier<String> token;
  private final Function<String, String> services;

  /** A client that sends {@code token}, or none if it is empty. */
  public Api(String base, Supplier<String> token) {
    this(base, token, service -> token.get());
  }

  private Api(String base, Supplier<String> token, Function<String, String> services) {
    this.base = base;
    this.token = token;
    this.services = services;
  }

  /**
   * The same, whose signals come from the service that sends such ones.
   *
   * @param services gives a token of a service by its name
   */
  public Api signalling(Function<String, String> services) {
    return new Api(base, token, services);
  }

  /** GET. */
  public Answer get(String path) {
    return send(request(path).GET());
  }

  /** POST of a JSON value, or of a text as it is. */
  public Answer post(String path, Object body) {
    var text = body instanceof String s ? s : JSON.writeValueAsString(body);
    var bearer = path.equals("/api/v1/signals") ? senderOf(text) : token.get();
    return send(
        request(path, bearer)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(text)));
  }

  /** PUT of a JSON value, or of a text as it is. */
  public Answer put(String path, Object body) {
    var text = body instanceof String s ? s : JSON.writeValueAsString(body);
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(text)));
  }

  /** DELETE. */
  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  /** GET of what is no JSON: the body as it is. */
  public HttpResponse<String> text(String path, String accept) {
    try {
      return HTTP.send(
          request(path).header("Accept", accept).GET().build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String senderOf(String signal) {
    return services.apply(signal.contains("\"SERVICE_DOWN\"") ? "monitor" : "ingest");
  }

  private HttpRequest.Builder request(String path) {
    return request(path, token.get());
  }

  private HttpRequest.Builder request(String path, String bearer) {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    return bearer.isEmpty() ? request : request.header("Authorization", "Bearer " + bearer);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      var response = HTTP.send(request.build(), BodyHandlers.ofString());
      var text = response.body();
      return new Answer(
          response.statusCode(), text.isBlank() ? JSON.missingNode() : JSON.readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
