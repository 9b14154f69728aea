package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.WebSocketSession;

/** How long a connection may say nothing; docs/senders/README.md has the times. */
class LiveSessionTest {
  private final List<String> done = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final WebSocketSession socket =
      (WebSocketSession)
          Proxy.newProxyInstance(
              LiveSessionTest.class.getClassLoader(),
              new Class<?>[] {WebSocketSession.class},
              (_, method, arguments) -> {
                done.add(
                    method.getName().equals("sendMessage")
                        ? arguments[0].getClass().getSimpleName()
                        : method.getName());
                return null;
              });
  private final LiveSession session =
      new LiveSession(
          socket,
          later::add,
          WaitingBytes.ofHeap(),
          LiveSocketHandler.FRAME_LIMIT,
          new LiveSession.Patience(10_000, 30_000),
          0);

  /** What is done at a look at that second. */
  private List<String> at(double second) {
    done.clear();
    session.beat((long) (second * 1e9));
    List.copyOf(later).forEach(Runnable::run);
    later.clear();
    return done;
  }

  private void connected() {
    session.connected(new LiveAuthenticator.Principal("reader", null));
  }

  @Test
  void endsAStrangerAfterTenSeconds() {
    assertThat(at(10)).isEmpty();
    assertThat(at(10.1)).containsExactly("close");
  }

  @Test
  void asksASilentOneAfterHalfAMinuteAndEndsItAfterNinetySeconds() {
    connected();

    assertThat(at(30)).isEmpty();
    assertThat(at(30.1)).containsExactly("PingMessage");
    assertThat(at(90)).containsExactly("PingMessage");
    assertThat(at(90.1)).containsExactly("close");
  }

  @Test
  void whoAnswersStays() {
    connected();
    for (int second = 31; second < 600; second += 31) {
      assertThat(at(second)).containsExactly("PingMessage");
      session.heard((long) (second * 1e9));
    }
  }

  @Test
  void endsOneThatPromisedHeartBeatsAfterThree() {
    connected();
    session.speaks("1.2", new HeartBeats(0, 10_000));

    assertThat(at(30)).isEmpty();
    assertThat(at(30.1)).containsExactly("close");
  }

  @Test
  void sendsHeartBeatsInTime() {
    connected();
    session.speaks("1.2", new HeartBeats(10_000, 0));

    assertThat(at(8.9)).isEmpty();
    assertThat(at(9)).containsExactly("TextMessage");
  }
}
