package dev.watchtower.monitor.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.monitor.RunningMonitor;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ComponentChangesIT extends RunningMonitor {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");
  private static final String NAME = "Checkout of the test";

  @Autowired private ComponentChanges.Store store;
  @Autowired private CatalogSource catalog;

  private Set<String> others() {
    return catalog.current().statusPage().components().stream()
        .map(Catalog.StatusPage.Component::name)
        .collect(Collectors.toSet());
  }

  private ComponentChanges started() {
    var names = new HashSet<>(others());
    names.add(NAME);
    return new ComponentChanges(store, names);
  }

  @AfterEach
  void theStoreIsAsBefore() {
    store.keepOnly(others());
  }

  @Test
  void aRestartIsNoChangeAndNorIsThatNothingIsMeasuredYet() {
    var changes = started();
    assertThat(changes.of(NAME, ComponentStatus.UNKNOWN, AT)).isEqualTo(AT);
    var up = AT.plusSeconds(5);
    assertThat(changes.of(NAME, ComponentStatus.OPERATIONAL, up)).isEqualTo(up);
    changes.save();

    var later = AT.plusSeconds(600);
    var restarted = started();
    assertThat(restarted.of(NAME, ComponentStatus.UNKNOWN, later)).isEqualTo(up);
    assertThat(restarted.of(NAME, ComponentStatus.OPERATIONAL, later.plusSeconds(3))).isEqualTo(up);

    var down = later.plusSeconds(60);
    assertThat(restarted.of(NAME, ComponentStatus.MAJOR_OUTAGE, down)).isEqualTo(down);
    restarted.save();
    assertThat(started().of(NAME, ComponentStatus.MAJOR_OUTAGE, down.plusSeconds(9)))
        .isEqualTo(down);
  }

  @Test
  void whatTheCatalogDoesNotNameAnyMoreIsForgotten() {
    var changes = started();
    changes.of(NAME, ComponentStatus.OPERATIONAL, AT);
    changes.save();
    assertThat(store.all()).containsKey(NAME);

    assertThat(
            new ComponentChanges(store, others())
                .of(NAME, ComponentStatus.OPERATIONAL, AT.plusSeconds(9)))
        .isEqualTo(AT.plusSeconds(9));
    assertThat(store.all()).doesNotContainKey(NAME);
  }

  @Test
  void theRunningServiceKeepsThose() {
    soon()
        .untilAsserted(
            () -> assertThat(store.all()).containsKeys("Checkout", "Storefront", "Inventory"));
  }
}
