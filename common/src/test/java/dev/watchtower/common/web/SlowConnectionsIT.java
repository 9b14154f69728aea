package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Requests that come a byte at a time: each has an end. */
@TestPropertySource(
    properties = {
      "watchtower.web.patience.head=400ms",
      "watchtower.web.patience.body=400ms",
      "watchtower.web.patience.answer=400ms",
      "watchtower.live.connect-within=100ms"
    })
@DirtiesContext
class SlowConnectionsIT extends ServiceContext {
  private static final int CLOSE_FRAME = 0x88;

  @Test
  void endsAHeadThatDoesNotEnd() throws Exception {
    assertThat(drip("GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")).isEmpty();
  }

  @Test
  void endsABodyThatDoesNotEnd() throws Exception {
    var head = "POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    var authorized = head + "Authorization: Bearer " + token(Scope.RESPOND) + "\r\n";

    assertThat(drip(authorized + "Content-Length: 900\r\n\r\n{")).startsWith("HTTP/1.1 503");
    assertThat(drip(authorized + "Transfer-Encoding: chunked\r\n\r\n100\r\n{"))
        .startsWith("HTTP/1.1 503");
    // Refused before its body was read, which is passed over then: no longer than others.
    assertThat(drip(head + "Content-Length: 900\r\n\r\n{")).startsWith("HTTP/1.1 401");
  }

  @Test
  void endsALiveConnectionThatDoesNotSayWhoItIs() throws Exception {
    var upgrade =
        "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
      var in = socket.getInputStream();
      assertThat(new String(in.readNBytes(12), StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 101");
      var read = in.read();
      // What follows the head and the offer to begin is the frame that closes.
      while (read >= 0 && read != CLOSE_FRAME) {
        read = in.read();
      }
      assertThat(read).isEqualTo(CLOSE_FRAME);
    }
  }

  @Test
  void leavesSwiftRequestsAlone() throws Exception {
    for (var i = 0; i < 50; i++) {
      assertThat(all("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
    }
  }

  private String all(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends the request and then a byte now and then; what is answered until the end. */
  private String drip(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        var timer = Executors.newSingleThreadScheduledExecutor()) {
      socket.setSoTimeout(15_000);
      var out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      var dripping =
          timer.scheduleAtFixedRate(
              () -> {
                try {
                  out.write(' ');
                } catch (IOException e) {
                  throw new IllegalStateException("it hung up", e);
                }
              },
              50,
              50,
              TimeUnit.MILLISECONDS);
      try {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (java.net.SocketException e) {
        // Reset, because a byte came after the end.
        return "";
      } finally {
        dripping.cancel(true);
      }
    }
  }
}
