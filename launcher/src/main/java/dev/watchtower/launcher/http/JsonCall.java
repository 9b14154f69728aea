package dev.watchtower.launcher.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON over HTTP with a bearer token; small, because the launcher has to stay small. */
public final class JsonCall {
  private static final int MAX_ANSWER = 4 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final String base;
  private final Supplier<String> token;
  private final Duration limit;

  /** Calls to {@code base}, each given up after {@code limit} without an answer. */
  public JsonCall(String base, Supplier<String> token, Duration limit) {
    this.base = base;
    this.token = token;
    this.limit = limit;
  }

  /** The other side said no. */
  public static final class RefusedCall extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedCall(int status, String detail) {
      super(detail);
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  /** GET. */
  public <T> T get(String path, Class<T> type) throws IOException {
    return read(call("GET", path, null), type);
  }

  /** POST of {@code body}. */
  public <T> T post(String path, Object body, Class<T> type) throws IOException {
    return read(call("POST", path, JSON.writeValueAsBytes(body)), type);
  }

  /** POST of {@code body}, whatever the answer says beside that it was taken. */
  public void postQuietly(String path, Object body) throws IOException {
    var unused = call("POST", path, JSON.writeValueAsBytes(body));
  }

  /** DELETE. */
  public void delete(String path) throws IOException {
    var unused = call("DELETE", path, null);
  }

  private byte[] call(String method, String path, byte @Nullable [] body) throws IOException {
    var connection = (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    try {
      connection.setConnectTimeout((int) limit.toMillis());
      connection.setReadTimeout((int) limit.toMillis());
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty("Authorization", "Bearer " + token.get());
      connection.setRequestProperty("Accept", "application/json");
      if (body != null) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(body);
      }
      int status = connection.getResponseCode();
      if (status >= 200 && status < 300) {
        try (var in = connection.getInputStream()) {
          return in.readNBytes(MAX_ANSWER);
        }
      }
      throw new RefusedCall(status, detail(status, connection.getErrorStream()));
    } finally {
      connection.disconnect();
    }
  }

  private static String detail(int status, @Nullable InputStream error) throws IOException {
    if (error != null) {
      try (error) {
        var node = JSON.readTree(error.readNBytes(64 * 1024));
        var detail = node.path("detail").asString("");
        if (!detail.isBlank()) {
          return detail;
        }
      } catch (JacksonException e) {
        // Not one of our problem documents: the status alone has to do.
      }
    }
    return "answered " + status;
  }

  private static <T> T read(byte[] json, Class<T> type) throws IOException {
    try {
      return JSON.readValue(json, type);
    } catch (JacksonException e) {
      throw new IOException("the answer cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
