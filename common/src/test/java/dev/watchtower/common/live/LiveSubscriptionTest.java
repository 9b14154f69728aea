package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LiveSubscriptionTest {
  private static final long LIMIT = 16L * LiveSubscription.MAX_WAITING_BYTES;

  private final AtomicInteger wakes = new AtomicInteger();
  private final WaitingBytes all = new WaitingBytes(LIMIT);
  private final WaitingBytes bytes = all.ofConnection();
  private final LiveSubscription subscription =
      new LiveSubscription(
          "s:1",
          "/topic/m.*",
          "user:a",
          "",
          new LiveSubscription.Outlet(
              JsonMapper.builder().build(), bytes, 1_000, wakes::incrementAndGet));

  @Test
  void writesFramesInOrderWithEscapedHeaders() {
    subscription.offer("/topic/m.a", "{}".getBytes(StandardCharsets.UTF_8));
    subscription.offer("/topic/m.b", "[]".getBytes(StandardCharsets.UTF_8));

    var frames = subscription.drain(Integer.MAX_VALUE);

    assertThat(frames).hasSize(2);
    assertThat(new String(frames.getFirst(), StandardCharsets.UTF_8))
        .startsWith("MESSAGE\nsubscription:s\\c1\nmessage-id:s\\c1-1000\ndestination:/topic/m.a\n")
        .contains("content-length:2\n\n{}\0");
    assertThat(text(frames.getLast())).contains("message-id:s\\c1-1001\ndestination:/topic/m.b\n");
    assertThat(subscription.drain(Integer.MAX_VALUE)).isEmpty();
    assertThat(wakes).hasValue(2);
  }

  @Test
  void keepsOnlyTheNewestOfEachDestinationWhenTheReaderIsSlow() {
    for (int i = 1; i <= LiveSubscription.MAX_WAITING; i++) {
      offer("/topic/m." + (i % 3), i);
    }

    offer("/topic/m.0", 9999);

    var frames =
        subscription.drain(Integer.MAX_VALUE).stream()
            .map(f -> new String(f, StandardCharsets.UTF_8))
            .toList();
    assertThat(frames).hasSize(4);
    assertThat(frames.getLast()).endsWith("\n9999\0");
    assertThat(frames.subList(0, 3))
        .anyMatch(f -> f.endsWith("\n" + LiveSubscription.MAX_WAITING + "\0"));
  }

  @Test
  void keepsTheNewestOfEachThingThatADestinationIsAbout() {
    for (int i = 0; i <= LiveSubscription.MAX_WAITING; i++) {
      subscription.offer(
          "/topic/m.x.y.a",
          i % 2 == 0 ? List.of("x", "y.a") : List.of("x.y", "a"),
          Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }

    assertThat(subscription.drain(Integer.MAX_VALUE))
        .extracting(LiveSubscriptionTest::text)
        .extracting(frame -> frame.substring(frame.indexOf("\n\n") + 2))
        .containsExactly("510\0", "511\0", "512\0");
  }

  private void offer(int size) {
    subscription.offer("/topic/m.a", new byte[size]);
  }

  private void offer(String destination, int payload) {
    subscription.offer(destination, Integer.toString(payload).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] frame) {
    return new String(frame, StandardCharsets.UTF_8);
  }

  @Test
  void keepsOnlyTheNewestWhenManyBytesWait() {
    for (int i = 0; i < 300; i++) {
      subscription.offer("/topic/m.a", new byte[100_000 + i]);
      assertThat(bytes.used()).isLessThan(LiveSubscription.MAX_WAITING_BYTES + 1_000);
    }

    var frames = subscription.drain(Integer.MAX_VALUE);
    assertThat(frames).hasSizeLessThan(12);
    assertThat(text(frames.getLast())).contains("content-length:100299\n");
  }

  @Test
  void keepsLessWhenOthersHaveMuchWaiting() {
    offer(1_000);
    offer(1_000);
    all.add(LIMIT);
    offer(1_000);
    assertThat(subscription.isBehind()).isTrue();
    assertThat(subscription.drain(Integer.MAX_VALUE)).as("the newest, and this one").hasSize(2);
  }

  @Test
  void losesNothingByOthersAsLongAsNothingWaits() {
    all.add(3 * LIMIT);
    assertThat(subscription.isBehind()).isFalse();

    offer(1_000);
    offer(1_000);

    assertThat(subscription.drain(Integer.MAX_VALUE)).as("the first").hasSize(1);
    offer(1_000);
    assertThat(subscription.hasMore()).isTrue();
  }

  @Test
  void losesEverythingWhereItsOwnConnectionHoldsTooMuch() {
    bytes.add(LIMIT);
    offer(1_000);

    assertThat(subscription.hasMore()).isFalse();
  }

  @Test
  void countsWhatIsTakenUntilItIsWritten() {
    offer(1_000);
    offer(1_000);

    assertThat(subscription.drain(1)).hasSize(1);
    assertThat(subscription.hasMore()).isTrue();
    assertThat(bytes.used()).isGreaterThan(2_000);

    subscription.close();
    offer(1_000);
    assertThat(bytes.used()).as("what was taken is being written").isBetween(1_000L, 1_200L);
    assertThat(subscription.hasMore()).isFalse();
  }

  @Test
  void saysWhenEverythingIsWritten() {
    var caughtUp = new AtomicInteger();
    subscription.whenCaughtUp(caughtUp::incrementAndGet);
    for (int i = 0; i < 9; i++) {
      offer(10);
    }
    assertThat(subscription.isBehind()).isTrue();
    subscription.written();
    assertThat(caughtUp).as("some still wait").hasValue(0);

    subscription.drain(Integer.MAX_VALUE);
    subscription.written();
    assertThat(caughtUp).hasValue(1);
    assertThat(subscription.isBehind()).isFalse();
  }

  @Test
  void numbersItsOwnMessagesFromTheGivenNumber() {
    subscription.reset();
    subscription.send(seq -> Map.of("seq", seq));

    var frames = subscription.drain(Integer.MAX_VALUE);
    assertThat(text(frames.getFirst())).endsWith("{\"reset\":true}\0");
    assertThat(text(frames.getLast())).contains("s\\c1-1001\n").endsWith("{\"seq\":1000}\0");
  }
}
