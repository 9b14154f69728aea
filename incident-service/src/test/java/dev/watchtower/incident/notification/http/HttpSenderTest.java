package dev.watchtower.incident.notification.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.incident.HookStandIn;
import dev.watchtower.incident.HookStandIn.Fault;
import dev.watchtower.incident.notification.http.HttpSender.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import javax.net.ssl.SSLServerSocketFactory;
import org.junit.jupiter.api.Test;

/** What is known of a message after a call that brought no answer. */
class HttpSenderTest {
  private static final HookStandIn HOOK = new HookStandIn();

  private final HttpSender http = new HttpSender();

  private Reply post(String url) {
    return http.send("the hook", "POST", url, Map.of(), "{}");
  }

  @Test
  void whatCouldNotBeConnectedHasNotArrived() throws IOException {
    int free;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    assertThat(post("http://127.0.0.1:" + free + "/abc-secret"))
        .isEqualTo(new Reply.Failed("the hook cannot be reached", false));
  }

  @Test
  void whatNoSecureConnectionWasMadeForHasNotArrived() throws IOException {
    // It has no certificate.
    try (var server =
        SSLServerSocketFactory.getDefault()
            .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (var client = server.accept()) {
              int unused = client.getInputStream().read();
            } catch (IOException e) {
              // As it has to come.
              return;
            }
          });

      assertThat(post("https://127.0.0.1:" + server.getLocalPort() + "/abc-secret"))
          .isEqualTo(
              new Reply.Failed(
                  "no TLS connection to the hook: its certificate or protocol will not do", false));
    }
  }

  @Test
  void whatWasSentAndNotAnsweredMayHaveArrived() {
    for (var fault : new Fault[] {new Fault.Reset(), new Fault.LostAnswer()}) {
      HOOK.fail(fault);

      assertThat(post(HOOK.url()))
          .as(fault.toString())
          .isEqualTo(new Reply.Failed("the connection to the hook broke", true));
    }
  }

  @Test
  void anAnswerThatBreaksOffHasItsStatusOnly() {
    HOOK.fail(new Fault.TornAnswer());

    assertThat(post(HOOK.url()))
        .isInstanceOfSatisfying(
            Reply.Answered.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.broken()).isTrue();
            });
  }

  @Test
  void anAnswerThatIsLongerThanWeReadIsWhole() {
    HOOK.fail(new Fault.Answer(200, "x".repeat(1_000_000), Map.of()));

    assertThat(post(HOOK.url()))
        .isInstanceOfSatisfying(
            Reply.Answered.class,
            answer -> {
              assertThat(answer.body()).hasSize(64 * 1024);
              assertThat(answer.broken()).isFalse();
            });
  }

  @Test
  void whatIsStoppedOnItsWayMayHaveArrived() throws InterruptedException {
    HOOK.fail(new Fault.Slow(30_000));
    var reply = new java.util.concurrent.atomic.AtomicReference<Reply>();
    var sending = Thread.ofVirtual().start(() -> reply.set(post(HOOK.url())));

    sending.interrupt();
    sending.join();

    assertThat(reply.get()).isEqualTo(new Reply.Failed("the service is stopping", true));
  }

  @Test
  void anAddressThatIsNoneIsNotCalled() {
    for (var url : new String[] {"not a url", "ftp://127.0.0.1/x", "http://"}) {
      assertThat(post(url)).as(url).isInstanceOf(Reply.BadAddress.class);
    }
  }
}
