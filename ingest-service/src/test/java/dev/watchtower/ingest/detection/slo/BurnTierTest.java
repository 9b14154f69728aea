package dev.watchtower.ingest.detection.slo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BurnTierTest {
  @Test
  void scalesTheTiersToThePeriod() {
    assertThat(tiers(30)).containsExactly("1h/5m 14.40", "6h/30m 6.00", "1d/2h 3.00", "3d/6h 1.00");
    assertThat(tiers(28))
        .containsExactly("1h/5m 13.44", "6h/30m 5.60", "1d/2h 2.80", "2d19h12m/5h36m 1.00");
    assertThat(tiers(7)).containsExactly("1h/5m 3.36", "6h/30m 1.40", "16h48m/1h24m 1.00");
    assertThat(tiers(1))
        .containsExactly("2m/1m 14.40", "12m/1m 6.00", "48m/4m 3.00", "2h24m/12m 1.00");
    assertThat(tiers(90)).first().isEqualTo("1h/5m 43.20");
  }

  private static List<String> tiers(int days) {
    return tiers(days, 0.99);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.00001, 0.3, 0.5, 0.9, 0.95, 0.99, 0.999})
  void allTiersAreBreachedWhereEverythingFails(double objective) {
    for (int days : List.of(1, 7, 30, 90)) {
      assertThat(BurnTier.of(Duration.ofDays(days), objective))
          .allSatisfy(t -> assertThat(t.factor()).isBetween(1.0, 0.999999 / (1 - objective)));
    }
    assertThat(tiers(30, 0.9))
        .containsExactly("1h/5m 8.00", "6h/30m 6.00", "1d/2h 3.00", "3d/6h 1.00");
    assertThat(tiers(90, 0.95))
        .containsExactly("1h/5m 16.00", "6h/30m 16.00", "1d/2h 9.00", "3d/6h 3.00");
  }

  private static List<String> tiers(int days, double objective) {
    return BurnTier.of(Duration.ofDays(days), objective).stream()
        .map(t -> "%s/%s %.2f".formatted(t.name(), BurnTier.name(t.shortWindow()), t.factor()))
        .toList();
  }
}
