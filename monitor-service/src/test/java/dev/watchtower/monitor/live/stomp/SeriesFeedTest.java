package dev.watchtower.monitor.live.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SeriesFeedTest {
  private final JsonMapper json = new JsonMapper();
  private final AtomicBoolean behind = new AtomicBoolean();
  private final List<JsonNode> sent = new ArrayList<>();
  private final SeriesFeed feed =
      new SeriesFeed(
          behind::get,
          message -> sent.add(json.readTree(json.writeValueAsString(message.apply(7)))));

  private void take(String series, int value) {
    feed.take(
        (ObjectNode)
            json.readTree(
                """
                {"seq":1,"samples":[{"labels":{"s":"%s"},"ts":%d,"value":"%d"}],"leftOut":%d}
                """
                    .formatted(series, value, value, value)));
  }

  @Test
  void whoIsSlowGetsTheNewestOfEachSeries() {
    take("a", 1);
    behind.set(true);
    take("a", 2);
    take("b", 3);
    take("a", 4);
    assertThat(sent).hasSize(1);

    behind.set(false);
    feed.flush();
    feed.flush();

    assertThat(sent)
        .last()
        .isEqualTo(
            json.readTree(
                """
                {"seq":7,"samples":[{"labels":{"s":"b"},"ts":3,"value":"3"},
                  {"labels":{"s":"a"},"ts":4,"value":"4"}],"leftOut":4}
                """));
    assertThat(sent).hasSize(2);
  }

  @Test
  void keepsNoMoreThanItsBoundOfSeries() {
    behind.set(true);
    for (int i = 0; i <= SeriesFeed.MOST_SERIES; i++) {
      take("s" + i, i);
    }
    behind.set(false);
    feed.flush();

    assertThat(sent.getFirst().path("samples")).hasSize(SeriesFeed.MOST_SERIES);
    assertThat(sent.getFirst().path("samples").path(0).path("ts").asInt()).isEqualTo(1);
  }
}
