package dev.watchtower.launcher.bench.http;

import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * One connection that sends remote-write requests, each after the answer to the one before; on a
 * bare socket, so that the sender takes little of the machine it shares. Not thread-safe.
 */
final class WriteConnection implements AutoCloseable {
  private static final int LIMIT_MILLIS = 30_000;
  private static final int LONGEST_LINE = 8192;

  private final int port;
  private final String path;
  private final Supplier<String> token;
  private Socket socket;
  private InputStream in;

  WriteConnection(int port, String path, Supplier<String> token) throws IOException {
    this.port = port;
    this.path = path;
    this.token = token;
    this.socket = connected(port);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  private static Socket connected(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LIMIT_MILLIS);
    return socket;
  }

  /** A message as it is sent, compressed by Snappy. */
  static byte[] compressed(byte[] message) {
    var compressor = new SnappyJavaCompressor();
    var target = new byte[compressor.maxCompressedLength(message.length)];
    return Arrays.copyOf(
        target, compressor.compress(message, 0, message.length, target, 0, target.length));
  }

  /**
   * Sends the next body of a load and waits for the answer.
   *
   * @throws IOException if the answer is not 2xx, or does not come
   */
  void send(DataInputStream bodies) throws IOException {
    var body = new byte[bodies.readInt()];
    bodies.readFully(body);
    send(body);
  }

  /**
   * Sends a body and waits for the answer.
   *
   * @throws IOException if the answer is not 2xx, or does not come
   */
  void send(byte[] body) throws IOException {
    var authorization = token.get();
    var head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\n"
            + "Content-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\n"
            + (authorization.isEmpty() ? "" : "Authorization: Bearer " + authorization + "\r\n")
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    var out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    answer();
  }

  private void answer() throws IOException {
    var status = line();
    int length = 0;
    boolean last = false;
    for (var header = line(); !header.isEmpty(); header = line()) {
      var lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
      last |= lower.equals("connection: close");
    }
    var body = in.readNBytes(length);
    if (!status.startsWith("HTTP/1.1 2")) {
      throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
    }
    if (last) {
      socket.close();
      socket = connected(port);
      in = new BufferedInputStream(socket.getInputStream());
    }
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || text.length() > LONGEST_LINE) {
        throw new EOFException("the connection ended in an answer");
      }
      text.append((char) c);
    }
    return text.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
