package dev.watchtower.monitor.statuspage;

import static dev.watchtower.monitor.statuspage.PublicWordsTest.OPENED;
import static dev.watchtower.monitor.statuspage.PublicWordsTest.catalog;
import static dev.watchtower.monitor.statuspage.PublicWordsTest.incident;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.SignalKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an incident is called that was over and is back. */
class PublicNamesTest {
  private final Catalog catalog = catalog("", "");

  private PublicIncident told(
      @Nullable PublicIncident before, IncidentState state, String service, String rule) {
    var mitigated = state == IncidentState.MITIGATED ? OPENED.plusSeconds(60) : null;
    var kind = rule.isEmpty() ? SignalKind.SERVICE_DOWN : SignalKind.THRESHOLD;
    return PublicWords.of(
            before,
            incident(state, service, rule, kind, mitigated),
            catalog,
            OPENED.plusSeconds(90))
        .orElseThrow();
  }

  @Test
  void whatIsBackIsCalledByWhatIsWrongNow() {
    var failing = told(null, IncidentState.OPEN, "checkout", "high-error-rate");
    var over = told(failing, IncidentState.MITIGATED, "checkout", "high-error-rate");
    assertThat(over.name()).isEqualTo("Checkout: elevated errors");

    var back = told(over, IncidentState.INVESTIGATING, "checkout", "high-latency");
    assertThat(back.name()).isEqualTo("Checkout: slow responses");

    var again = told(back, IncidentState.IDENTIFIED, "checkout", "high-error-rate");
    assertThat(again.name()).as("and stays").isEqualTo("Checkout: slow responses");
  }

  @Test
  void whatIsBackIsSaidOnlyOfWhatIsWrongNow() {
    var first = told(null, IncidentState.OPEN, "storefront", "high-error-rate");
    var both = told(first, IncidentState.OPEN, "checkout", "high-error-rate");
    assertThat(both.components()).containsExactly("Storefront", "Checkout");
    var over = told(both, IncidentState.MITIGATED, "checkout", "high-error-rate");

    assertThat(told(over, IncidentState.INVESTIGATING, "checkout", "").name())
        .isEqualTo("Checkout unavailable");
  }
}
