package dev.watchtower.analysis.support;

import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.evidence.Facts;
import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.ranking.Window;
import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Escalation;
import dev.watchtower.common.catalog.IncidentRules;
import dev.watchtower.common.catalog.Notifications;
import dev.watchtower.common.catalog.Remediation;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An incident of the sample shop: checkout fails because inventory does. */
public final class Samples {
  public static final Instant OPENED = Instant.parse("2026-03-02T10:00:00Z");
  public static final CallGraph SHOP =
      new CallGraph(
          List.of(
              new CallGraph.Edge("storefront", "checkout"),
              new CallGraph.Edge("checkout", "inventory")));

  private Samples() {}

  public static IncidentSignal firing(String service, SignalKind kind, String summary) {
    return new IncidentSignal(
        "fp-" + service + kind,
        kind,
        SignalStatus.FIRING,
        "high-error-rate",
        service,
        Severity.SEV2,
        summary,
        OPENED.minusSeconds(1),
        null,
        null);
  }

  public static IncidentView incident(String service, Instant openedAt, IncidentSignal... signals) {
    return new IncidentView(
        UUID.randomUUID(),
        7,
        "Too many requests fail",
        IncidentState.OPEN,
        Severity.SEV2,
        service,
        "prod",
        1,
        openedAt,
        null,
        null,
        null,
        null,
        List.of(),
        List.of(signals),
        null);
  }

  public static Deviation deviation(
      String service, String metric, double usual, double extreme, int secondsBefore) {
    return new Deviation(
        service,
        metric,
        SignalType.of(metric),
        extreme > usual,
        usual,
        0.01,
        extreme,
        70,
        140,
        1,
        OPENED.minusSeconds(secondsBefore),
        null);
  }

  public static ChangeEvent change(String type, String service, int secondsBefore, String summary) {
    return new ChangeEvent(
        "c" + secondsBefore,
        "ci",
        type,
        service,
        "prod",
        OPENED.minusSeconds(secondsBefore),
        summary,
        Map.of());
  }

  /** Facts with the given parts; the window ends ten seconds after the opening. */
  public static Facts facts(
      List<Deviation> deviations, List<ChangeEvent> changes, List<String> missing) {
    return new Facts(
        incident(
            "checkout", OPENED, firing("checkout", SignalKind.THRESHOLD, "Too many requests fail")),
        new Window(OPENED.minusSeconds(1000), OPENED.minusSeconds(120), OPENED.plusSeconds(10)),
        List.of("checkout", "inventory", "storefront"),
        SHOP,
        deviations,
        List.of(),
        List.of(),
        List.of(firing("checkout", SignalKind.THRESHOLD, "Too many requests fail")),
        changes,
        missing);
  }

  /** The facts with trouble of inventory that was over a minute before the opening. */
  public static Facts afterTrouble(Facts facts) {
    return new Facts(
        facts.incident(),
        facts.window(),
        facts.services(),
        facts.graph(),
        facts.deviations(),
        List.of(
            new Episode(
                deviation("inventory", "error_rate", 0, 0.6, 100), OPENED.minusSeconds(60))),
        facts.hints(),
        facts.signals(),
        facts.changes(),
        facts.missing());
  }

  /** inventory and checkout fail. */
  public static List<Deviation> failing() {
    return List.of(
        deviation("inventory", "error_rate", 0, 0.7, 9),
        deviation("checkout", "error_rate", 0, 0.7, 8));
  }

  public static EvidenceList evidence(ChangeEvent... changes) {
    return new EvidenceList(facts(failing(), List.of(changes), List.of()));
  }

  public static Catalog catalog(Duration deadline) {
    return new Catalog(
        new Catalog.Ingest(
            false,
            null,
            List.of("service"),
            List.of("env"),
            List.of(),
            1,
            1,
            1,
            1,
            1,
            Duration.ofMinutes(1),
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(1),
            0),
        new IncidentRules(
            Duration.ofMinutes(1),
            Duration.ofDays(1),
            true,
            true,
            Duration.ofMinutes(2),
            true,
            List.of(),
            new IncidentRules.Flap(0, Duration.ofMinutes(10), Duration.ofMinutes(5)),
            Duration.ofMinutes(5)),
        new Catalog.Analysis(deadline, Duration.ofMinutes(15), Duration.ofMinutes(2)),
        List.of(
            service("storefront", 1, List.of("checkout")),
            service("checkout", 1, List.of("inventory")),
            service("inventory", 2, List.of())),
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        new Catalog.StatusPage("t", "d", List.of()),
        Notifications.NONE,
        Escalation.NONE,
        Remediation.NONE,
        List.of());
  }

  private static Catalog.Service service(String name, int tier, List<String> dependencies) {
    return new Catalog.Service(
        name, name, "shop", tier, List.of("prod"), dependencies, "runbook.md#" + name);
  }
}
