package dev.watchtower.launcher.bench.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One subscriber: STOMP over a WebSocket, by hand and without blocking, so that a thousand of them
 * cost the machine little. Only reads; what it writes is short and goes out at once. For one
 * thread.
 */
final class LiveClient {
  private static final byte[] MASK = {0, 0, 0, 0};
  private static final int TEXT = 0x81;
  private static final int BUFFER = 16 * 1024;

  /** Told of every MESSAGE frame. */
  interface Listener {
    /**
     * A message has come.
     *
     * @param bytes has the frame from {@code from} until before {@code to}; not to be kept
     */
    void message(byte[] bytes, int from, int to);
  }

  private final SocketChannel channel;
  private final Listener listener;
  private final String connect;
  private final String subscribe;
  private ByteBuffer in = ByteBuffer.allocate(BUFFER);
  private boolean upgraded;
  private boolean connected;

  LiveClient(int port, String token, String destination, Selector selector, Listener listener)
      throws IOException {
    this.listener = listener;
    this.connect =
        "CONNECT\naccept-version:1.2\nhost:bench\nheart-beat:0,0\nAuthorization:Bearer "
            + token
            + "\n\n\0";
    this.subscribe = "SUBSCRIBE\nid:1\ndestination:" + destination + "\n\n\0";
    this.channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    write(
        ("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:"
                + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: v12.stomp\r\nAuthorization: Bearer "
                + token
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Whether the server has taken the CONNECT frame. */
  boolean isConnected() {
    return connected;
  }

  /** Reads what is there. */
  void read() throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the server ended a live connection");
    }
    in.flip();
    if (!upgraded) {
      upgrade();
    }
    while (upgraded && frame()) {
      // The next one.
    }
    in.compact();
    if (!in.hasRemaining()) {
      in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
    }
  }

  private void upgrade() throws IOException {
    var text = StandardCharsets.ISO_8859_1.decode(in.duplicate()).toString();
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return;
    }
    if (!text.startsWith("HTTP/1.1 101")) {
      throw new IOException("no WebSocket: " + text.lines().findFirst().orElse(""));
    }
    in.position(in.position() + end + 4);
    upgraded = true;
    send(connect);
  }

  /** Takes one WebSocket frame; false if it is not there as a whole. */
  private boolean frame() throws IOException {
    in.mark();
    if (in.remaining() < 2) {
      return false;
    }
    in.get();
    int length = in.get() & 0x7f;
    if (length == 126) {
      if (in.remaining() < 2) {
        in.reset();
        return false;
      }
      length = in.getShort() & 0xffff;
    } else if (length == 127) {
      throw new IOException("a frame of more than 64 kB");
    }
    if (in.remaining() < length) {
      in.reset();
      return false;
    }
    int end = in.position() + length;
    for (int from = in.position(), at = from; at < end; at++) {
      if (in.array()[at] == 0) {
        stomp(from, at);
        from = at + 1;
      }
    }
    in.position(end);
    return true;
  }

  /** Without making a text of each: there are very many. */
  private void stomp(int begin, int end) throws IOException {
    int from = begin;
    while (from < end && Character.isWhitespace(in.array()[from])) {
      from++;
    }
    if (starts("MESSAGE", from, end)) {
      listener.message(in.array(), from, end);
    } else if (starts("CONNECTED", from, end)) {
      connected = true;
      send(subscribe);
    } else if (starts("ERROR", from, end)) {
      throw new IOException(new String(in.array(), from, end - from, StandardCharsets.UTF_8));
    }
  }

  private boolean starts(String with, int from, int end) {
    for (int i = 0; i < with.length(); i++) {
      if (from + i >= end || in.array()[from + i] != with.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void send(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    var frame = new ByteArrayOutputStream();
    frame.write(TEXT);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    // A mask of zeros changes nothing.
    frame.writeBytes(MASK);
    frame.writeBytes(payload);
    write(frame.toByteArray());
  }

  private void write(byte[] bytes) throws IOException {
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  void close() throws IOException {
    channel.close();
  }
}
