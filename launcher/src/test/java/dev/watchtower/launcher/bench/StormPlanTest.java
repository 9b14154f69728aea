package dev.watchtower.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.wire.Signal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StormPlanTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  @Test
  void everySignalIsAnotherOneOfAServiceOfTheCatalog() {
    var plan = new StormPlan(4, 50);
    var catalog =
        new CatalogParser(name -> null)
            .parse(
                "storm.yaml",
                plan.catalog("http://127.0.0.1:1/hook").getBytes(StandardCharsets.UTF_8));

    var signals = plan.signalsAt(AT);

    assertThat(signals).hasSize(50);
    assertThat(signals).extracting(Signal::id).doesNotHaveDuplicates();
    assertThat(signals).extracting(Signal::fingerprint).doesNotHaveDuplicates();
    assertThat(signals).allMatch(s -> catalog.service(s.service()).isPresent());
    assertThat(catalog.services()).hasSize(12);
    assertThat(catalog.service("c3-front").orElseThrow().dependencies()).containsExactly("c3-mid");
  }

  @Test
  void theSamePlanGivesTheSameStorm() {
    assertThat(new StormPlan(4, 50).signalsAt(AT)).isEqualTo(new StormPlan(4, 50).signalsAt(AT));
  }
}
