package dev.watchtower.ingest.detection.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.util.List;
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
    return isOverdue(0, second);
  }

  private boolean isOverdue(long since, long second) {
    List<ServiceKey> overdue = silent.overdue(Set.of(SHOP), registry, since * 1000, second * 1000);
    overdue.forEach(silent::ask);
    return overdue.contains(SHOP);
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
    assertThat(silent.overdue(Set.of(), registry, 0, 500_000)).isEmpty();
  }

  @Test
  void doesNotTakeAStandstillForSilence() {
    heard(100);

    assertThat(isOverdue(160, 160)).isFalse();
    assertThat(isOverdue(160, 174)).isFalse();
    assertThat(silent.computed(SHOP, 174_000)).as("as of its newest sample").isFalse();
    assertThat(isOverdue(190, 190)).as("and again").isFalse();
    assertThat(isOverdue(160, 190)).isTrue();
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
