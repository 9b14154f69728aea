package dev.watchtower.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.catalog.CatalogParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void takesQuantilesFromWhatWasMeasured() {
    var latencies =
        new Latencies(
            IntStream.rangeClosed(1, 100).map(i -> 101 - i).mapToObj(Duration::ofMillis).toList());
    assertThat(latencies.quantile(0.5)).isEqualTo(Duration.ofMillis(50));
    assertThat(latencies.quantile(0.99)).isEqualTo(Duration.ofMillis(99));
    assertThat(latencies.max()).isEqualTo(Duration.ofMillis(100));
    assertThat(new Latencies(List.of(Duration.ofMillis(7))).quantile(0.01))
        .isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void refusesWhatHasNoAnswer() {
    assertThatThrownBy(() -> new Latencies(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Latencies(List.of(Duration.ZERO)).quantile(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBenchCatalogIsAValidCatalog() {
    var catalog =
        new CatalogParser(name -> null)
            .parse(
                "bench.yaml",
                BenchCatalog.yaml(3, "http://127.0.0.1:1/api/webhooks/1/bench")
                    .getBytes(StandardCharsets.UTF_8));
    assertThat(catalog.service(BenchCatalog.service(2))).isPresent();
    assertThat(catalog.rules()).singleElement().extracting("holdFor").isEqualTo(Duration.ZERO);
    assertThat(catalog.notifications().channels()).hasSize(1);
  }
}
