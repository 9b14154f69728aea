package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LiveTopicsTest {
  private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC);

  private LiveSubscription subscription(String destination) {
    return new LiveSubscription(
        "1",
        destination,
        "reader",
        Map.of(),
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
    topics.subscribe(early, 0L);
    assertThat(text(early)).as("what is gone is said to be").contains("reset");
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
}
