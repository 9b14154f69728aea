package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LiveTopicsTest {
  private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC);

  private LiveSubscription subscription(String destination) {
    return new LiveSubscription(
        "1",
        destination,
        "reader",
        "",
        new LiveSubscription.Outlet(JsonMapper.shared(), WaitingBytes.ofHeap(), 1, () -> {}));
  }

  private static String text(LiveSubscription subscription) {
    StringBuilder all = new StringBuilder();
    subscription
        .drain(Integer.MAX_VALUE)
        .forEach(f -> all.append(new String(f, StandardCharsets.UTF_8)));
    return all.toString();
  }

  @Test
  void keepsNoMoreForReplayThanItsShare() {
    LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock, 100_000);
    String text = "x".repeat(200);
    for (int i = 0; i < 3_000; i++) {
      topics.publish("/topic/" + i % 50, _ -> text);
      assertThat(topics.keptBytes()).isLessThanOrEqualTo(100_000);
    }

    assertThat(topics.keptBytes()).isGreaterThan(50_000);
    LiveSubscription late = subscription("/topic/49");
    topics.subscribe(late, topics.lastSeq("/topic/49") - 1);
    assertThat(text(late)).as("the newest is there").contains("xxx");
    LiveSubscription early = subscription("/topic/3");
    topics.subscribe(early, 1_000_000L);
    assertThat(text(early)).as("what is gone is said to be").contains("reset");
  }

  @Test
  void zeroAsksForWhatIsKeptAlsoWhereSomethingWasDropped() {
    LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock, 10_000_000);
    for (int i = 0; i < Topic.MAX_KEPT + 5; i++) {
      topics.publish("/topic/a", seq -> "seq " + seq);
    }

    LiveSubscription all = subscription("/topic/a");
    topics.subscribe(all, 0L);
    assertThat(text(all)).contains("seq 1000005\"", "seq 1000304\"").doesNotContain("reset");
    LiveSubscription since = subscription("/topic/a");
    topics.subscribe(since, 1_000_002L);
    assertThat(text(since)).as("numbers 1000003 and 1000004 are gone").contains("reset");
  }

  @Test
  void goesOnNumberingWhereATopicThatGaveWayLeftOff() {
    LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock, 10_000_000);
    topics.publish("/topic/first", seq -> seq);
    topics.publish("/topic/first", seq -> seq);
    long last = topics.lastSeq("/topic/first");
    for (int i = 0; i < LiveTopics.MAX_TOPICS + 10; i++) {
      topics.publish("/topic/" + i, seq -> seq);
    }

    assertThat(topics.lastSeq("/topic/first")).isEqualTo(last);
    topics.publish("/topic/first", seq -> seq);
    assertThat(topics.lastSeq("/topic/first")).isEqualTo(last + 1);
    LiveSubscription since = subscription("/topic/first");
    topics.subscribe(since, last - 1);
    assertThat(text(since)).as("one is missing").contains("reset");
  }

  @Test
  void forgetsWhatWasKeptOfATopicThatGaveWay() {
    LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock, 10_000_000);
    for (int i = 0; i < 3 * LiveTopics.MAX_TOPICS; i++) {
      topics.publish("/topic/" + i, _ -> "message");
    }

    assertThat(topics.keptBytes()).isLessThan(LiveTopics.MAX_TOPICS * 100L);
  }

  @Test
  void whoListensToMadeUpNamesTakesNoRoomFromOthers() {
    LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock, 10_000_000);
    topics.publish("/topic/real", _ -> "before");
    List<LiveSubscription> flood = new ArrayList<>();
    for (int i = 0; i < 10 * LiveTopics.MAX_TOPICS; i++) {
      LiveSubscription madeUp = subscription("/topic/made.up." + i);
      topics.subscribe(madeUp, i % 2 == 0 ? null : 7L);
      flood.add(madeUp);
    }

    LiveSubscription replayed = subscription("/topic/real");
    topics.subscribe(replayed, 0L);
    assertThat(text(replayed)).contains("before");
    LiveSubscription late = subscription("/topic/late");
    topics.subscribe(late, null);
    topics.publish("/topic/late", _ -> "hello");
    assertThat(text(late)).contains("hello");
    assertThat(text(flood.get(0))).as("it asked for nothing of before").isEmpty();
    assertThat(text(flood.get(1))).as("number 7 is of another life").contains("reset");

    topics.publish("/topic/made.up.3", _ -> "there it is");
    assertThat(text(flood.get(3))).contains("there it is");
    flood.forEach(topics::unsubscribe);
    topics.publish("/topic/made.up.3", _ -> "unheard");
    assertThat(text(flood.get(3))).isEmpty();
    assertThat(topics.awaited()).isZero();
  }

  @Test
  void whoListensGoesOnListeningWhereATopicGaveWay() {
    LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock, 10_000_000);
    List<LiveSubscription> all = new ArrayList<>();
    for (int i = 0; i < LiveTopics.MAX_TOPICS + 500; i++) {
      LiveSubscription one = subscription("/topic/" + i);
      topics.subscribe(one, null);
      all.add(one);
    }
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < all.size(); i++) {
        topics.publish("/topic/" + i, seq -> "seq " + seq);
      }
    }

    for (LiveSubscription one : all) {
      assertThat(text(one)).contains("seq 1000000\"", "seq 1000001\"", "seq 1000002\"");
    }
    LiveSubscription since = subscription("/topic/0");
    topics.subscribe(since, 1_000_001L);
    assertThat(text(since)).as("what it missed is gone").contains("reset");
    LiveSubscription upToDate = subscription("/topic/0");
    topics.subscribe(upToDate, 1_000_002L);
    assertThat(text(upToDate)).as("it missed nothing").isEmpty();
    topics.publish("/topic/0", seq -> "seq " + seq);
    assertThat(text(since)).contains("seq 1000003");
    assertThat(text(upToDate)).contains("seq 1000003");
  }

  @Test
  void numbersEachMessageOnceWhileTopicsGiveWay() throws InterruptedException {
    LiveTopics topics = new LiveTopics(JsonMapper.shared(), clock, 10_000_000);
    LiveSubscription listener = subscription("/topic/contended");
    topics.subscribe(listener, null);
    int rounds = 100;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String name = "/topic/" + t + ".";
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < rounds; round++) {
                  topics.publish("/topic/contended", seq -> "n" + seq + "n");
                  for (int i = 0; i < LiveTopics.MAX_TOPICS / 4; i++) {
                    topics.publish(name + i, seq -> seq);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    String all = text(listener);
    for (int n = 0; n < 4 * rounds; n++) {
      assertThat(all.split("n" + (1_000_000 + n) + "n", -1)).as("message %s", n).hasSize(2);
    }
    assertThat(topics.lastSeq("/topic/contended")).isEqualTo(1_000_000 + 4 * rounds - 1);
  }
}
