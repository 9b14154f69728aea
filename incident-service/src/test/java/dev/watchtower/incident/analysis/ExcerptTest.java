package dev.watchtower.incident.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.SomeIncident;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ExcerptTest {
  private static final Instant OPENED = SomeIncident.OPENED;

  private static IncidentSignal signal(String fingerprint, SignalStatus status, Instant firedAt) {
    return new IncidentSignal(
        fingerprint,
        SignalKind.THRESHOLD,
        status,
        "high-error-rate",
        "checkout",
        Severity.SEV2,
        "fails",
        firedAt,
        status == SignalStatus.FIRING ? null : firedAt.plusSeconds(1),
        new SignalEvidence("error_rate", 0.4, 0.05, OPENED, OPENED, Map.of("pod", "a")));
  }

  @Test
  void whatFiresComesBeforeWhatHasClearedAndOfThoseTheFirst() {
    var signals = new ArrayList<IncidentSignal>();
    for (int i = 0; i < 501; i++) {
      signals.add(signal("cleared-" + i, SignalStatus.CLEARED, OPENED.plusSeconds(i)));
    }
    signals.add(signal("again", SignalStatus.FIRING, OPENED.plusSeconds(900)));

    assertThat(Excerpt.of(SomeIncident.of(signals)).signals())
        .hasSize(Excerpt.MOST_SIGNALS)
        .extracting(IncidentSignal::fingerprint)
        .startsWith("again", "cleared-0", "cleared-1")
        .endsWith("cleared-98");
  }

  @Test
  void ofTheEvidenceTheNumbersAreLeft() {
    var kept =
        Excerpt.of(SomeIncident.of(List.of(signal("a", SignalStatus.FIRING, OPENED)))).signals();

    assertThat(kept)
        .singleElement()
        .satisfies(s -> {
          assertThat(s.evidence())
              .isEqualTo(new SignalEvidence("", 0.4, 0.05, OPENED, OPENED, Map.of()));
          assertThat(s.summary()).isEqualTo("fails");
        });
  }

  @Test
  void theLongestSignalsThatAreTakenFitThroughTheDoor() {
    var name = "\u0001".repeat(SignalBounds.NAME);
    var labels = Map.of("pod", "x".repeat(SignalBounds.EVIDENCE));
    var longest =
        new IncidentSignal(
            name,
            SignalKind.THRESHOLD,
            SignalStatus.FIRING,
            name,
            name,
            Severity.SEV2,
            "\u0001".repeat(SignalBounds.SUMMARY),
            OPENED,
            null,
            new SignalEvidence("x".repeat(SignalBounds.EVIDENCE), 1.0, 0.5, null, null, labels));
    var storm = SomeIncident.of(IntStream.range(0, 600).mapToObj(i -> longest).toList());

    var sent = new JsonMapper().writeValueAsString(Excerpt.of(storm));

    assertThat(sent.getBytes(StandardCharsets.UTF_8).length).isLessThan(1_000_000);
  }
}
