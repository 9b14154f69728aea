package dev.watchtower.incident.lifecycle.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.SomeIncident;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class BoundedTest {
  private static final Instant OPENED = SomeIncident.OPENED;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static IncidentSignal signal(
      int number, SignalStatus status, String service, Map<String, String> labels) {
    var firedAt = OPENED.plusSeconds(number);
    return new IncidentSignal(
        "%032x".formatted(number),
        SignalKind.THRESHOLD,
        status,
        "high-error-rate",
        service,
        Severity.SEV2,
        "fails ".repeat(80),
        firedAt,
        status == SignalStatus.FIRING ? null : firedAt.plusSeconds(1),
        new SignalEvidence(
            "sum(rate(errors[5m])) ".repeat(100), 0.4, 0.05, OPENED, OPENED, labels));
  }

  private static TimelineEntry entry(long seq, int length) {
    return new TimelineEntry(
        seq,
        OPENED,
        TimelineKind.ANNOTATION,
        Actor.person("ana"),
        "noted",
        Map.of("text", "x".repeat(length)),
        "0".repeat(64),
        "0".repeat(64));
  }

  @Test
  void leavesAnIncidentOfAFewSignalsAsItIs() {
    var few =
        SomeIncident.of(List.of(signal(1, SignalStatus.FIRING, "checkout", Map.of("pod", "a"))));

    assertThat(Bounded.of(few)).isSameAs(few);
    assertThat(few.partial()).isFalse();
  }

  @Test
  void keepsTheMessageOfAnIncidentInAStormShort() {
    var signals = new ArrayList<IncidentSignal>();
    IntStream.range(0, 1_000)
        .forEach(i -> signals.add(signal(i, SignalStatus.CLEARED, "checkout", Map.of())));
    IntStream.range(1_000, 1_999)
        .forEach(i -> signals.add(signal(i, SignalStatus.FIRING, "checkout", Map.of())));
    signals.add(signal(1_999, SignalStatus.FIRING, "storefront", Map.of()));

    var message = new LiveIncidents.IncidentMessage(7, Bounded.of(SomeIncident.of(signals)), 2_000);

    assertThat(JSON.writeValueAsBytes(message)).hasSizeLessThan(256 * 1024);
    assertThat(message.incident().signals())
        .hasSize(100)
        .allMatch(s -> s.status() == SignalStatus.FIRING)
        .extracting(IncidentSignal::service)
        .contains("storefront");
    assertThat(message.incident().signals().getFirst().firedAt())
        .as("of those that fire, the first to fire")
        .isEqualTo(OPENED.plusSeconds(1_000));
  }

  @Test
  void leavesOutLongLabelsOfFewSignals() {
    var labels = Map.of("a", "x".repeat(4_000), "b", "x".repeat(4_000));
    var signals =
        IntStream.range(0, 50)
            .mapToObj(i -> signal(i, SignalStatus.FIRING, "checkout", labels))
            .toList();

    var bounded = Bounded.of(SomeIncident.of(signals));

    assertThat(JSON.writeValueAsBytes(bounded)).hasSizeLessThan(256 * 1024);
    assertThat(bounded.signals()).hasSize(50);
    assertThat(bounded.partial()).isTrue();
  }

  @Test
  void tellsTheNewestEntriesThatGoTogether() {
    var entries = IntStream.rangeClosed(1, 40).mapToObj(seq -> entry(seq, 20_000)).toList();

    assertThat(Bounded.of(entries))
        .extracting(TimelineEntry::seq)
        .containsExactly(37L, 38L, 39L, 40L);
    assertThat(Bounded.of(List.of(entry(1, 200_000)))).hasSize(1);
    assertThat(Bounded.of(List.of(entry(1, 10), entry(2, 10)))).hasSize(2);
  }
}
