package dev.watchtower.ingest.detection.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.LastHeard;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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

  private static Detected fired(String rule, SignalKind kind, ServiceKey on) {
    return new Detected(
        new Signal(
            UUID.randomUUID(),
            "f" + rule,
            kind,
            SignalStatus.FIRING,
            rule,
            on.service(),
            on.env(),
            Severity.SEV3,
            rule,
            Instant.ofEpochSecond(50),
            new SignalEvidence(
                "q", 1.0, 0.5, Instant.ofEpochSecond(50), Instant.ofEpochSecond(60), Map.of()),
            null),
        Labels.EMPTY);
  }

  @Test
  void looksAgainAlsoAtAServiceOfWhichOnlyWhatFiresOnItIsKnown() {
    ServiceKey odd = new ServiceKey("odd", "prod");
    Catalog catalog =
        new CatalogParser(Map.<String, String>of()::get)
            .parse(
                "c",
                """
                version: 1
                golden-signals: {cpu: [{convention: x, expression: golden}]}
                rules:
                  - {name: hot, kind: threshold, signal: cpu, above: 0.5, severity: SEV3}
                  - {name: unusual, kind: anomaly, severity: SEV3}
                  - {name: full, kind: threshold, expression: x > 1, severity: SEV3}
                """
                    .getBytes(StandardCharsets.UTF_8));
    Detector detector = new Detector(new RuleBook(catalog.rules()));
    detector.restore(
        List.of(
            fired("hot", SignalKind.THRESHOLD, SHOP),
            fired("unusual", SignalKind.ANOMALY, odd),
            fired("full", SignalKind.THRESHOLD, new ServiceKey("none", "prod"))));

    List<LastHeard> unknown = DetectionMemory.unknown(registry, detector, 100_000);
    assertThat(unknown)
        .containsExactlyInAnyOrder(
            new LastHeard(SHOP, 60_000, 100_000, 0), new LastHeard(odd, 60_000, 100_000, 0));
    registry.heardBefore(unknown, 100_000);

    assertThat(DetectionMemory.unknown(registry, detector, 100_000)).isEmpty();
    assertThat(isOverdue(100, 100)).isFalse();
    assertThat(isOverdue(100, 115)).isTrue();
    long day = Detector.FORGET_MILLIS;
    assertThat(SilentServices.gone(detector, registry, 100_000 + day).isEmpty()).isTrue();
    assertThat(SilentServices.gone(detector, registry, 100_001 + day).forgotten())
        .containsExactlyInAnyOrder(SHOP, odd);
  }
}
