package dev.watchtower.ingest.detection.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SilentServicesTest {
  private static final ServiceKey SHOP = new ServiceKey("shop", "prod");

  private final ServiceRegistry registry = new ServiceRegistry();
  private final SilentServices silent = new SilentServices();

  private void heard(long second) {
    registry.watch("golden"::equals, _ -> false);
    registry.heard(
        new AcceptedBatch(
            new Series[] {
              new Series(1, Labels.of("__name__", "golden", "service", "shop", "env", "prod"))
            },
            new long[] {second * 1000},
            new double[] {1},
            1),
        second * 1000);
    silent.computed(SHOP, second * 1000);
  }

  private boolean isOverdue(long second) {
    return silent.overdue(Set.of(SHOP), registry, second * 1000).contains(SHOP);
  }

  @Test
  void asksAgainForAServiceWhoseSamplesStoppedWhileARuleFires() {
    heard(100);

    assertThat(isOverdue(114)).isFalse();
    assertThat(isOverdue(115)).isTrue();
    assertThat(silent.computed(SHOP, 115_000)).as("signals of now").isTrue();
    assertThat(isOverdue(129)).isFalse();
    assertThat(isOverdue(130)).isTrue();
  }

  @Test
  void doesNotAskWhileSamplesComeOrNoRuleIsOpen() {
    heard(100);
    heard(110);

    assertThat(isOverdue(120)).isFalse();
    assertThat(silent.computed(SHOP, 121_000)).isFalse();
    assertThat(silent.overdue(Set.of(), registry, 500_000)).isEmpty();
  }

  @Test
  void waitsLongerForAServiceThatSendsRarely() {
    for (int s = 100; s <= 400; s += 60) {
      heard(s);
    }

    assertThat(isOverdue(400 + 179)).isFalse();
    assertThat(isOverdue(400 + 180)).isTrue();
  }
}
