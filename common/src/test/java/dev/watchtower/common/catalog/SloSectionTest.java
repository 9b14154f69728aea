package dev.watchtower.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SloSectionTest {
  private static final String HEAD =
      """
      version: 1
      services:
        - {name: shop, environments: [prod]}
        - {name: pay, environments: [prod, test]}
      """;
  private static final String OPEN_SLO =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: search, displayName: Search works, labels: {env: prod}}
      spec:
        description: most of it
        service: shop
        indicator:
          metadata: {name: search-sli}
          spec:
            ratioMetric:
              counter: true
              good: {metricSource: {type: Prometheus, spec: {query: 'sum(r{ok="1"})'}}}
              total: {metricSource: {type: Prometheus, spec: {query: sum(r)}}}
        timeWindow: [{duration: 4w, isRolling: true}]
        budgetingMethod: Occurrences
        objectives: [{displayName: works, target: 0.98}]
        alertPolicies: []
      """;

  private final CatalogParser parser = new CatalogParser(Map.of("SECRET", "x")::get);

  private final List<String> passedOver = new ArrayList<>();

  private Catalog parse(String text) {
    return parser.parse("f", (HEAD + text).getBytes(StandardCharsets.UTF_8));
  }

  private List<String> faults(String text) {
    return catchThrowableOfType(CatalogException.class, () -> parse(text)).lines();
  }

  @Test
  void readsSlosOfEventsAndOfTime() {
    var catalog =
        parse(
            """
            slos:
              - name: a
                service: shop
                env: prod
                objective: 99.9
                period: 7d
                warm-up: 10m
                events: {good: g, total: t, resolution: 5m}
              - {name: b, service: pay, env: test, objective: 95, time: {expression: l, at-most: 0.5}}
            rules:
              - {name: r, kind: burn-rate, slos: [a], severity: SEV2, ticket-severity: SEV3}
              - {name: d, kind: change, window: 3m, severity: SEV3}
            """);

    assertThat(catalog.slo("a").orElseThrow())
        .isEqualTo(
            new Slo(
                "a",
                "a",
                "shop",
                "prod",
                0.9990000000000001,
                Duration.ofDays(7),
                new Slo.Events("g", null, "t", Duration.ofMinutes(5)),
                Duration.ofMinutes(10),
                0));
    assertThat(catalog.slo("b").orElseThrow().indicator())
        .isEqualTo(new Slo.Time("l", "<=", 0.5, Duration.ofSeconds(30)));
    assertThat(catalog.rules().getFirst().kind()).isEqualTo(SignalKind.BURN_RATE);
    assertThat(catalog.rules().getFirst().burnRate())
        .isEqualTo(new Catalog.Rule.BurnRate(List.of("a"), Severity.SEV3));
    assertThat(catalog.rules().getLast().deployment())
        .isEqualTo(
            new Catalog.Rule.Deployment(
                Duration.ofMinutes(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(3),
                Duration.ofMinutes(30)));
  }

  @Test
  void aDeploymentIsWatchedUntilItCanBeJudged() {
    var rule = "rules:\n  - {name: d, kind: change, severity: SEV3, ";

    assertThat(faults(rule + "settle: 1m, window: 5m, watch: 6m}")).hasSize(1);
    assertThat(faults(rule + "watch: 5m}"))
        .singleElement()
        .asString()
        .contains("rules[0].watch", "expected more than settle + window");
    assertThat(faults(rule + "window: 1h}")).as("the usual 30 m").hasSize(1);
    assertThat(parse(rule + "settle: 1m, window: 5m, watch: 361s}").rules()).hasSize(1);
  }

  @Test
  void tellsWhatIsWrongWithAnSlo() {
    assertThat(
            faults(
                """
                slos:
                  - {name: a, service: shap, env: prod, objective: 100}
                  - {name: b, service: shop, env: prod, objective: 99, events: {good: g, bad: b, resolution: 7m}}
                  - {name: c, service: shop, env: prod, objective: 99, time: {step: 1s}, min-traffic: 0.5}
                rules:
                  - {name: r, kind: burn-rate, slos: [x], severity: SEV2, signal: cpu, above: 1}
                  - {name: t, kind: threshold, expression: x > 1, slos: [a], severity: SEV1, baseline: 5m}
                """))
        .containsExactly(
            "f:6: slos[0].events: expected either events or time, which say what is good",
            "f:6: slos[0].objective: expected a number between 0.001 and 99.999, found '100'",
            "f:6: slos[0].service: there is no service 'shap'; did you mean 'shop'?",
            "f:7: slos[1].events.good: expected an expression for either good or bad events",
            "f:7: slos[1].events.resolution: expected whole minutes that divide an hour: 1m, 2m, 5m, 10m",
            "f:7: slos[1].events.total: expected an expression for all events, found nothing",
            "f:8: slos[2].min-traffic: is not for good time: that is looked at, however little happens",
            "f:8: slos[2].time.below: expected the limit of good time: one of above, at-least, below, at-most",
            "f:8: slos[2].time.expression: expected an expression, found nothing",
            "f:8: slos[2].time.step: expected a duration such as 30s, 5m, 1h, between 5s and 1h, found '1s'",
            "f:10: rules[0].above: is not for rules of the kind burn-rate",
            "f:10: rules[0].signal: is not for rules of the kind burn-rate",
            "f:10: rules[0].signal: there is no golden signal 'cpu'",
            "f:10: rules[0].slos[0]: there is no SLO 'x'; did you mean 'a'?",
            "f:11: rules[1].baseline: is not for rules of the kind threshold",
            "f:11: rules[1].slos: is not for rules of the kind threshold");
  }

  @Test
  void readsAndChecksHysteresis() {
    var head = "golden-signals: {cpu: [{convention: x, expression: up}]}\nrules:\n  - ";
    var rule = "{name: a, kind: threshold, severity: SEV1, ";

    assertThat(
            parse(head + rule + "signal: cpu, above: 0.8, clear-below: 0.6}")
                .rules()
                .getFirst()
                .clearAt())
        .isEqualTo(0.6);
    assertThat(faults(head + rule + "signal: cpu, above: 0.8, clear-below: 0.9}"))
        .containsExactly("f:7: rules[0].clear-below: expected no more than the limit");
    assertThat(faults(head + rule + "signal: cpu, below: 0.8, clear-below: 0.9}"))
        .containsExactly("f:7: rules[0].clear-below: expected clear-above beside such a limit");
    assertThat(
            parse(head + rule + "expression: x > 5, clear-below: 3}").rules().getFirst().clearAt())
        .isEqualTo(3.0);
  }

  @Test
  void readsOneRuleByItselfAndKeepsTheEnvironmentFromIt() {
    var catalog = parse("slos: []");

    var rule =
        CatalogParser.rule(
            "{\"name\":\"r\",\"kind\":\"threshold\",\"expression\":\"x > 1\",\"severity\":\"SEV2\",\"services\":[\"shop\"]}",
            catalog);
    assertThat(rule.expression()).isEqualTo("x > 1");
    var refused =
        catchThrowableOfType(
            CatalogException.class,
            () ->
                CatalogParser.rule(
                    "{\"name\":\"${SECRET}\",\"kind\":\"threshold\",\"services\":[\"no\"]}",
                    catalog));
    assertThat(refused.lines())
        .contains("rule:1: rule.services[0]: there is no service 'no'; there are pay, shop")
        .anyMatch(l -> l.contains("rule.name: the environment variable SECRET is not set"));
  }

  @Test
  void readsOpenSlo() {
    var slos = openSlo(OPEN_SLO);

    assertThat(slos)
        .containsExactly(
            new Slo(
                "search",
                "Search works",
                "shop",
                "prod",
                0.98,
                Duration.ofDays(28),
                new Slo.Events("sum(r{ok=\"1\"})", null, "sum(r)", Duration.ofMinutes(1)),
                null,
                0));
    var threshold =
        OPEN_SLO
            .replaceAll(
                "(?s)ratioMetric:.*?timeWindow",
                "thresholdMetric: {metricSource: {type: Prometheus, spec: {query: q}}}\n  timeWindow")
            .replace("Occurrences", "Timeslices")
            .replace("target: 0.98", "targetPercent: 98, op: lte, value: 200, timeSliceWindow: 5m");
    assertThat(openSlo(threshold).getFirst().indicator())
        .isEqualTo(new Slo.Time("q", "<=", 200, Duration.ofMinutes(5)));
    for (var share : List.of("0.95", "1")) {
      assertThat(openSlo(threshold.replace("op: lte", "op: lte, timeSliceTarget: " + share)))
          .as("the standard wants it with Timeslices")
          .isEqualTo(openSlo(threshold));
    }
    for (var share : List.of("0", "1.1")) {
      assertThat(openSloFaults(threshold.replace("op: lte", "op: lte, timeSliceTarget: " + share)))
          .singleElement()
          .asString()
          .contains("spec.objectives[0].timeSliceTarget: expected ");
    }
    assertThat(openSloFaults(OPEN_SLO.replace("target: 0.98", "target: 0.98, timeSliceTarget: 1")))
        .singleElement()
        .asString()
        .contains("timeSliceTarget is not supported; it goes with the budgetingMethod Timeslices");
  }

  @Test
  void leavesTheLabelsOfOpenSloToTheWriterBesideTheEnvironment() {
    var labels = "labels: {env: prod, team: [a, b], tier: gold, owner: }";

    assertThat(openSlo(OPEN_SLO.replace("labels: {env: prod}", labels)))
        .isEqualTo(openSlo(OPEN_SLO));
    assertThat(openSloFaults(OPEN_SLO.replace("env: prod", "env: prot, team: [a]")))
        .singleElement()
        .asString()
        .contains("there is no environment 'prot'");
  }

  @Test
  void refusesByNameWhatOpenSloHasAndWeHaveNot() {
    assertThat(openSloFaults(OPEN_SLO.replace("kind: SLO", "kind: AlertPolice")))
        .containsExactly("o:2: kind: the kind AlertPolice is not supported; expected SLO");
    assertThat(openSloFaults(OPEN_SLO.replace("alertPolicies: []", "alertPolicies: [x]")))
        .containsExactly(
            "o:17: spec.alertPolicies: alertPolicies is not supported; write a rule of the kind burn-rate in the catalog");
    assertThat(openSloFaults(OPEN_SLO.replace("Occurrences", "RatioTimeslices")))
        .containsExactly(
            "o:15: spec.budgetingMethod: expected one of Occurrences, Timeslices, found 'RatioTimeslices'");
    assertThat(
            openSloFaults(
                OPEN_SLO.replace(
                    "type: Prometheus, spec: {query: sum(r)",
                    "type: Datadog, spec: {query: sum(r)")))
        .singleElement()
        .asString()
        .startsWith(
            "o:13: spec.indicator.spec.ratioMetric.total.metricSource.type: expected one of");
    var reference =
        OPEN_SLO.replace("type: Prometheus, spec: {query: sum(r)", "%sspec: {query: sum(r)");
    assertThat(openSlo(reference.formatted("metricSourceRef: main, type: Prometheus, ")))
        .isEqualTo(openSlo(reference.formatted("")));
    assertThat(openSloFaults(reference.formatted("metricSourceRef: main, ")))
        .as("of which type, only the source that is referred to says")
        .singleElement()
        .asString()
        .startsWith("o:13: spec.indicator.spec.ratioMetric.total.metricSource.type: expected");
    assertThat(openSloFaults(OPEN_SLO.replace("isRolling: true", "calendar: {startTime: now}")))
        .containsExactly(
            "o:14: spec.timeWindow[0].calendar: calendar is not supported; only rolling windows are");
    assertThat(openSloFaults(OPEN_SLO.replace("service: shop", "service: shap")))
        .containsExactly("o:6: spec.service: there is no service 'shap'; did you mean 'shop'?");
    assertThat(openSloFaults(OPEN_SLO + "---\n" + OPEN_SLO))
        .singleElement()
        .asString()
        .startsWith("o:21: metadata.name: expected a name of its own, found 'search'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Service",
        "DataSource",
        "SLI",
        "AlertPolicy",
        "AlertCondition",
        "AlertNotificationTarget"
      })
  void passesOverWhatIsNoSlo(String kind) {
    var other =
        """
        apiVersion: openslo/v1
        kind: %s
        metadata: {name: search, displayName: "${NOT_SET}"}
        spec: {description: x, conditions: [{operator: gt}], severity: page}
        ---
        """
            .formatted(kind);

    assertThat(openSlo(other + OPEN_SLO)).isEqualTo(openSlo(OPEN_SLO));
    assertThat(passedOver).containsExactly(kind);
    assertThat(openSloFaults(other.replace("openslo/v1", "openslo/v0") + OPEN_SLO))
        .singleElement()
        .asString()
        .startsWith("o:1: apiVersion: expected");
    assertThat(
            openSloFaults(
                other
                    + OPEN_SLO.replaceAll(
                        "(?s)indicator:.*?timeWindow", "indicatorRef: a\n  timeWindow")))
        .as("what an SLO refers to is not")
        .anyMatch(
            fault -> fault.contains("indicatorRef is not supported; put the indicator inline"));
  }

  @Test
  void saysWhatItPassesOver(@TempDir Path folder) throws IOException {
    var file = folder.resolve("watchtower.yaml");
    var slos = Files.createDirectory(folder.resolve("slos"));
    var policy = OPEN_SLO.replace("kind: SLO", "kind: AlertPolicy");
    Files.writeString(slos.resolve("search.yaml"), OPEN_SLO);
    Files.writeString(slos.resolve("policies.yaml"), policy + "---\n" + policy);
    Files.writeString(file, HEAD + "slo-files: slos");
    var source = new CatalogSource(file, parser, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    assertThat(source.current().slos()).extracting(Slo::name).containsExactly("search");
    assertThat(new CatalogHealthIndicator(source).health().getDetails())
        .containsEntry("openSloPassedOver", Map.of("AlertPolicy", 2));

    Files.delete(slos.resolve("policies.yaml"));
    source.look();
    source.look();
    assertThat(new CatalogHealthIndicator(source).health().getDetails())
        .doesNotContainKey("openSloPassedOver");
  }

  @Test
  void followsTheFilesOfTheFolderThatTheCatalogNames(@TempDir Path folder) throws IOException {
    var file = folder.resolve("watchtower.yaml");
    var slos = Files.createDirectory(folder.resolve("slos"));
    Files.writeString(slos.resolve("search.yaml"), OPEN_SLO);
    Files.writeString(
        file,
        HEAD
            + "slo-files: slos\nrules: [{name: r, kind: burn-rate, slos: [search], severity: SEV2}]");
    var source = new CatalogSource(file, parser, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    assertThat(source.current().slos()).extracting(Slo::name).containsExactly("search");

    Files.writeString(
        slos.resolve("more.yml"), OPEN_SLO.replace("name: search,", "name: more-of-it,"));
    source.look();
    source.look();
    assertThat(source.current().slos())
        .extracting(Slo::name)
        .containsExactly("more-of-it", "search");

    Files.writeString(slos.resolve("search.yaml"), OPEN_SLO.replace("Occurrences", "Often"));
    source.look();
    source.look();
    assertThat(source.current().slos()).hasSize(2);
    assertThat(source.state().faults())
        .singleElement()
        .asString()
        .contains("search.yaml:15: spec.budgetingMethod: expected one of Occurrences, Timeslices");
  }

  private List<Slo> openSlo(String text) {
    return parser.openSlo(
        "o", text.getBytes(StandardCharsets.UTF_8), parse("slos: []"), passedOver::add);
  }

  private List<String> openSloFaults(String text) {
    return catchThrowableOfType(CatalogException.class, () -> openSlo(text)).lines();
  }
}
