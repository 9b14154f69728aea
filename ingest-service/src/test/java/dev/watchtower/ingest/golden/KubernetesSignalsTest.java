package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pods that come and go, whose containers use 0.9 of a core of one, and six tenths of their memory.
 * What becomes of it is read from the example catalog; nothing says that a series has ended.
 */
class KubernetesSignalsTest {
  private static final int TURN = 600;
  private static final int END = 1_200;
  private static final int EVERY = 15;

  private final SentMetrics sent = new SentMetrics();

  private void send(String scraped, int from, int to, double first, double risePerSecond) {
    for (int s = from; s <= to; s += EVERY) {
      sent.sendOne(scraped, s, first + risePerSecond * (s - from));
    }
  }

  /** A container of a pod from one second to another; its limit may be there for longer. */
  private void container(String pod, String id, int from, int to) {
    String labels =
        "{job=\"kubelet\",namespace=\"shop\",pod=\"%s\",container=\"pay\",id=\"%s\",name=\"%s\"}"
            .formatted(pod, id, id);
    send("container_cpu_usage_seconds_total" + labels, from, to, 0, 0.9);
    send("container_memory_working_set_bytes" + labels, from, to, 6e8, 0);
  }

  private void limits(String pod, String exporter, int from, int to) {
    String labels =
        "{job=\"kube-state-metrics\",namespace=\"shop\",pod=\"%s\",container=\"pay\",instance=\"%s\","
            .formatted(pod, exporter);
    send("kube_pod_container_resource_limits" + labels + "resource=\"cpu\"}", from, to, 1, 0);
    send("kube_pod_container_resource_limits" + labels + "resource=\"memory\"}", from, to, 1e9, 0);
  }

  private void pod(String name, int from, int to) {
    container(name, name + "-1", from, to);
    limits(name, "ksm-1", from, to);
  }

  private void atAllTimes(BiConsumer<Integer, Map<String, Double>> expected) {
    for (int s = TURN - 120; s <= TURN + 400; s += 5) {
      expected.accept(s, sent.signals("pay", "shop", s));
    }
  }

  private void expectSteady() {
    atAllTimes((s, signals) -> {
      assertThat(signals.get("cpu")).as("cpu at %s s", s).isBetween(0.7, 1.1);
      assertThat(signals.get("memory")).as("memory at %s s", s).isBetween(0.599, 0.601);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5})
  void podsThatEndLeaveTheSharesOfTheOthersAsTheyAre(int ending) {
    for (int i = 0; i < 10; i++) {
      pod("p" + i, 0, i < ending ? TURN : END);
    }

    expectSteady();
  }

  @Test
  void aRolloutOfAllPodsToo() {
    for (int i = 0; i < 3; i++) {
      pod("old" + i, 0, TURN + 20 * i / EVERY * EVERY);
      pod("new" + i, TURN + 20 * i / EVERY * EVERY, END);
    }

    atAllTimes((s, signals) -> {
      // What is used between the last sample of one and the first of the other is in no rate.
      assertThat(signals.get("cpu")).as("cpu at %s s", s).isBetween(0.6, 1.1);
      assertThat(signals.get("memory")).as("memory at %s s", s).isBetween(0.599, 0.601);
    });
  }

  @Test
  void aContainerThatRestartsInItsPodCountsOnce() {
    container("p", "first", 0, TURN);
    container("p", "second", TURN + EVERY, END);
    limits("p", "ksm-1", 0, END);

    atAllTimes((s, signals) ->
        assertThat(signals.get("memory")).as("memory at %s s", s).isBetween(0.599, 0.601));
  }

  @Test
  void whoTellsOfLimitsMayBeReplacedOrThereTwice() {
    container("p", "first", 0, END);
    limits("p", "ksm-1", 0, TURN);
    limits("p", "ksm-2", TURN - 300, END);

    expectSteady();
  }
}
