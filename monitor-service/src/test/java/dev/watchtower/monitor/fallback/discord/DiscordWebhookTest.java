package dev.watchtower.monitor.fallback.discord;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** A server that begins an answer and then says nothing more, without closing. */
@Timeout(20)
class DiscordWebhookTest {
  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final DiscordWebhook webhook =
      new DiscordWebhook(JsonMapper.builder().build(), Duration.ofMillis(500));
  private volatile String beginning = "";

  DiscordWebhookTest() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              var socket = server.accept();
              open.add(socket);
              assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
              socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
              socket.getOutputStream().flush();
            }
          } catch (IOException e) {
            // The test is over.
            assertThat(server.isClosed()).isTrue();
          }
        });
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }

  private DiscordReply post(String answer) throws InterruptedException {
    beginning = answer;
    return webhook.post(
        "http://127.0.0.1:" + server.getLocalPort() + "/api/webhooks/1/abc",
        Map.of("content", "x"),
        0);
  }

  @Test
  void takesAMessageAsSentWhenTheRestOfAGoodAnswerNeverComes() throws InterruptedException {
    assertThat(post("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":"))
        .isEqualTo(new DiscordReply.Sent(null));
  }

  @Test
  void triesAgainWhenTheAnswerIsBadOrNeverComes() throws InterruptedException {
    assertThat(post("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\n{"))
        .isInstanceOf(DiscordReply.Again.class);
    assertThat(post("")).isInstanceOf(DiscordReply.Again.class);
  }
}
