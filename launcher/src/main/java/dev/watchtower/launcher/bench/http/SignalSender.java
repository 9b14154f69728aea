package dev.watchtower.launcher.bench.http;

import dev.watchtower.common.wire.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** Sends signals over connections that stay open, as a service's outbox does. Thread-safe. */
final class SignalSender {
  private static final int MILLIS = 60_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI door;
  private final Supplier<String> token;

  /**
   * A sender to incident-service at {@code port}.
   *
   * @param connections how many stay open
   */
  SignalSender(int port, Supplier<String> token, int connections) {
    this.door = URI.create("http://127.0.0.1:" + port + "/api/v1/signals");
    this.token = token;
    // Read by the JDK at the first connection; 5 would stay open else.
    System.setProperty("http.maxConnections", Integer.toString(connections));
  }

  /**
   * Returns when the signal is stored.
   *
   * @throws IOException if it was refused
   */
  void send(Signal signal) throws IOException {
    var connection = (HttpURLConnection) door.toURL().openConnection();
    connection.setConnectTimeout(MILLIS);
    connection.setReadTimeout(MILLIS);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Authorization", "Bearer " + token.get());
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    var body = JSON.writeValueAsBytes(signal);
    connection.setFixedLengthStreamingMode(body.length);
    try (var out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    // Read to its end, else the connection is closed.
    try (var answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      drain(answer == null ? InputStream.nullInputStream() : answer);
    }
    if (status >= 300) {
      throw new IOException("answered " + status);
    }
  }

  private static void drain(InputStream answer) throws IOException {
    long unused = answer.transferTo(OutputStream.nullOutputStream());
  }
}
