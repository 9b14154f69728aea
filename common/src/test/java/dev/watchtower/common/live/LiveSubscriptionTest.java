package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LiveSubscriptionTest {
  private final AtomicInteger wakes = new AtomicInteger();
  private final LiveSubscription subscription =
      new LiveSubscription(
          "s:1",
          "/topic/m.*",
          "user:a",
          Map.of(),
          JsonMapper.builder().build(),
          wakes::incrementAndGet);

  @Test
  void writesFramesInOrderWithEscapedHeaders() {
    subscription.offer("/topic/m.a", 1, "{}".getBytes(StandardCharsets.UTF_8));
    subscription.offer("/topic/m.b", 7, "[]".getBytes(StandardCharsets.UTF_8));

    var frames = subscription.drain();

    assertThat(frames).hasSize(2);
    assertThat(new String(frames.getFirst(), StandardCharsets.UTF_8))
        .startsWith("MESSAGE\nsubscription:s\\c1\nmessage-id:s\\c1-1\ndestination:/topic/m.a\n")
        .contains("content-length:2\n\n{}\0");
    assertThat(subscription.drain()).isEmpty();
    assertThat(wakes).hasValue(2);
  }

  @Test
  void keepsOnlyTheNewestOfEachDestinationWhenTheReaderIsSlow() {
    for (int i = 1; i <= LiveSubscription.MAX_WAITING; i++) {
      subscription.offer("/topic/m." + (i % 3), i, "{}".getBytes(StandardCharsets.UTF_8));
    }

    subscription.offer("/topic/m.0", 9999, "{}".getBytes(StandardCharsets.UTF_8));

    var frames =
        subscription.drain().stream().map(f -> new String(f, StandardCharsets.UTF_8)).toList();
    assertThat(frames).hasSize(4);
    assertThat(frames.getLast()).contains("-9999\n");
    assertThat(frames.subList(0, 3))
        .anyMatch(f -> f.contains("-" + LiveSubscription.MAX_WAITING + "\n"));
  }
}
