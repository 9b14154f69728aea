package dev.watchtower.common.live;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A subscriber on a bare socket, which can stop reading or vanish as no library lets it. */
final class RawSubscriber implements AutoCloseable {
  private static final int SMALL = 4096;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private String rest = "";

  RawSubscriber(int port, String token, String destination) throws IOException {
    socket.setReceiveBufferSize(SMALL);
    socket.setSoTimeout(5_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new DataInputStream(socket.getInputStream());
    write(
        ("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:"
                + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: v12.stomp\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    send("CONNECT\naccept-version:1.2\nhost:test\nAuthorization:Bearer " + token + "\n\n\0");
    frame();
    send("SUBSCRIBE\nid:1\nreceipt:r\ndestination:" + destination + "\n\n\0");
    frame();
  }

  /** The next STOMP frame. */
  String frame() throws IOException {
    while (rest.indexOf('\0') < 0) {
      in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      }
      rest += new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
    int end = rest.indexOf('\0');
    var frame = rest.substring(0, end);
    rest = rest.substring(end + 1);
    return frame.stripLeading();
  }

  /** Says that it is there. */
  void beat() throws IOException {
    send("\n");
  }

  /** Reads what is still on the way; the other side has to end the connection within that time. */
  void readToItsEnd(Duration within) throws IOException {
    socket.setSoTimeout(Math.toIntExact(within.toMillis()));
    try {
      long unused = in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException e) {
      // It was reset.
    }
  }

  private void send(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    var frame = new ByteArrayOutputStream();
    frame.write(0x81);
    frame.write(0x80 | 126);
    frame.write(payload.length >> 8);
    frame.write(payload.length);
    // A mask of zeros changes nothing.
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    write(frame.toByteArray());
  }

  private void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Vanishes without a word: the connection is reset. */
  @Override
  public void close() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
