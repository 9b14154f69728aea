package dev.watchtower.launcher.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.function.BooleanSupplier;

/**
 * Asks a service on loopback how it is: well means that {@code path} answers 200.
 *
 * @param port of the service
 */
public record HealthProbe(int port, String path) implements BooleanSupplier {
  /** Where a service says whether it can do its work. */
  public static final String READINESS = "/health/readiness";

  /** Where a service says whether it runs at all. */
  public static final String LIVENESS = "/health/liveness";

  private static final int CONNECT_MILLIS = 500;
  private static final int READ_MILLIS = 1500;

  @Override
  public boolean getAsBoolean() {
    try {
      var connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      boolean ready = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      // Read to the end, so that the connection can be used again.
      try (var body = ready ? connection.getInputStream() : connection.getErrorStream()) {
        if (body != null) {
          body.readNBytes(64 * 1024);
        }
      }
      return ready;
    } catch (IOException e) {
      return false;
    }
  }
}
