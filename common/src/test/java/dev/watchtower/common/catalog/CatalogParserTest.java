package dev.watchtower.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CatalogParserTest {
  private static final Path SHIPPED = Path.of("..", "config", "watchtower.yaml");

  private final CatalogParser parser = new CatalogParser(Map.of("ANSWER", "42")::get);

  @Test
  void readsTheCatalogThatIsShipped() throws IOException {
    var catalog = parser.parse("config/watchtower.yaml", Files.readAllBytes(SHIPPED));

    assertThat(catalog.services())
        .extracting(Catalog.Service::name)
        .containsExactly("storefront", "checkout", "inventory");
    assertThat(catalog.ingest().maxBodyBytes()).isEqualTo(64L << 20);
    assertThat(catalog.ingest().otlpPort()).isNull();
    assertThat(catalog.goldenSignals()).hasSize(7);
    assertThat(catalog.probes().getFirst().url()).isEqualTo("http://127.0.0.1:8090/health");
    assertThat(catalog.notifications().channels().getFirst().isConfigured()).isFalse();
    assertThat(catalog.playbooks().getFirst().triggers()).containsExactly(SignalKind.SERVICE_DOWN);
    assertThat(catalog.experiment("checkout-errors").orElseThrow().parameters())
        .isEqualTo(Map.of("ratio", 0.7, "status", 500L));
    var rule = catalog.rules().getFirst();
    assertThat(rule.comparison()).isEqualTo(">");
    assertThat(rule.threshold()).isEqualTo(0.05);
    assertThat(rule.holdFor()).isEqualTo(Duration.ofSeconds(3));
    assertThat(rule.severity()).isEqualTo(Severity.SEV2);
    assertThat(rule.covers("checkout", "prod")).isTrue();
  }

  @Test
  void fillsInTheQuantileOfEachLatencySignalFromOneSharedList() throws IOException {
    var catalog = parser.parse("c", Files.readAllBytes(SHIPPED));

    var p99 =
        catalog.goldenSignals().stream().filter(s -> s.name().equals("latency_p99")).findFirst();

    assertThat(p99.orElseThrow().sources().getFirst().expression())
        .startsWith("histogram_quantile(0.99, ")
        .contains("$service", "$env", "$window");
  }

  @Test
  void readsSeverityRulesFlappingAndHowThePublicIsTold() {
    var catalog =
        parse(
            """
            version: 1
            watchtower:
              incidents:
                severity-rules:
                  - {tiers: [1], signals: [service-down], severity: SEV1}
                flap: {changes: 6, within: 20m, calm: 2m}
            status-page: {updates: draft}
            """);

    assertThat(catalog.incidents().severityRules())
        .containsExactly(
            new IncidentRules.SeverityRule(
                List.of(1), List.of(), List.of(), List.of(SignalKind.SERVICE_DOWN), Severity.SEV1));
    assertThat(catalog.incidents().flap())
        .isEqualTo(new IncidentRules.Flap(6, Duration.ofMinutes(20), Duration.ofMinutes(2)));
    assertThat(catalog.statusPage().updates()).isEqualTo(Catalog.StatusPage.Updates.DRAFT);
    assertThat(parse("version: 1").statusPage().updates())
        .isEqualTo(Catalog.StatusPage.Updates.AUTO);
    assertThat(parse("version: 1").incidents().flap().changes()).isEqualTo(8);
  }

  @Test
  void twoChangesAreNoFlapping() {
    var fault =
        catchThrowableOfType(
            CatalogException.class,
            () -> parse("version: 1\nwatchtower: {incidents: {flap: {changes: 2}}}"));

    assertThat(fault).hasMessageContaining("expected at least 3, or 0 to switch it off");
  }

  @Test
  void hasADefaultForEverythingButTheVersion() {
    var catalog = parse("version: 1");

    assertThat(catalog.ingest().retention()).isEqualTo(Duration.ofDays(15));
    assertThat(catalog.incidents().autoResolve()).isTrue();
    assertThat(catalog.analysis().deadline()).isEqualTo(Duration.ofSeconds(20));
    assertThat(catalog.services()).isEmpty();
    assertThat(catalog.statusPage().title()).isEqualTo("Status");
  }

  @Test
  void takesValuesFromTheEnvironment() {
    assertThat(
            parse("version: 1\nwatchtower: {ingest: {limits: {labels: \"${ANSWER}\"}}}")
                .ingest()
                .maxLabels())
        .isEqualTo(42);
    assertThat(
            parse("version: 1\nwatchtower: {ingest: {limits: {labels: \"${NONE:-7}\"}}}")
                .ingest()
                .maxLabels())
        .isEqualTo(7);
  }

  @Test
  void mergesMappings() {
    var catalog =
        parse(
            """
            version: 1
            services:
              - &base {name: a, environments: [prod], tier: 1}
              - {<<: *base, name: b}
            """);

    assertThat(catalog.services()).extracting(Catalog.Service::tier).containsExactly(1, 1);
    assertThat(catalog.services().getLast().name()).isEqualTo("b");
  }

  @Test
  void tellsEveryFaultWithItsLinePathAndWhatWasExpected() {
    var text =
        """
        version: 1
        services:
          - {name: shop, environments: [prod], tier: 9}
          - {name: shop, environments: [], dependencies: [shap]}
        rules:
          - name: r
            kind: threshold
            signal: error_rate
            abov: 0.05
            for: soon
            severity: SEV9
          - {name: s, kind: no-data, after: 1ms, severity: SEV1, services: shop}
        golden-signals:
          cpu: [{convention: x, expression: "${MISSING}"}]
        """;

    assertThat(faults(text))
        .containsExactly(
            "f:3: services[0].tier: expected a whole number between 1 and 4, found '9'",
            "f:4: services[1].dependencies[0]: there is no service 'shap'; did you mean 'shop'?",
            "f:4: services[1].environments: expected at least one environment, for example [prod]",
            "f:4: services[1].name: expected a name of its own, found 'shop', which is the service of line 3 already",
            "f:6: rules[0].above: expected a limit: one of above, at-least, below, at-most",
            "f:8: rules[0].signal: there is no golden signal 'error_rate'; there are cpu",
            "f:9: rules[0].abov: unknown key; did you mean 'above'?",
            "f:10: rules[0].for: expected a duration such as 30s, 5m, 1h, between 0s and 1d, found 'soon'",
            "f:11: rules[0].severity: expected one of SEV1, SEV2, SEV3, SEV4, found 'SEV9'",
            "f:12: rules[1].after: expected a duration such as 30s, 5m, 1h, between 5s and 7d, found '1ms'",
            "f:12: rules[1].services: expected a list, found 'shop'",
            "f:14: golden-signals.cpu[0].expression: the environment variable MISSING is not set; set it, or give a default: ${MISSING:-default}");
  }

  @Test
  void refusesWhatIsNotACatalogAtAll() {
    assertThat(faults("")).containsExactly("f:1: expected a catalog, found nothing");
    assertThat(faults("- a")).containsExactly("f:1: expected a mapping, found a list");
    assertThat(faults("version: 1\na: ["))
        .singleElement()
        .asString()
        .startsWith("f:2: not valid YAML: ");
    assertThat(faults("version: 2")).containsExactly("f:1: version: expected 1, found '2'");
    assertThat(faults("services: []")).containsExactly("f:1: version: expected 1, found nothing");
    assertThat(faults("version: 1\nversion: 1"))
        .containsExactly("f:2: version: the key is given twice");
    assertThat(faults("version: !!java.net.URL [http://x]"))
        .singleElement()
        .asString()
        .contains("tag is not allowed");
    assertThat(faults("version: !x 1"))
        .containsExactly("f:1: version: expected plain YAML, found the tag !x");
    assertThat(faults("version: 1\nwatchtower: {ingest: {anonymous: ${oops}}}")).isNotEmpty();
    assertThat(faults("version: 1\nservices: [{name: \"a\u0000\"}]"))
        .singleElement()
        .asString()
        .startsWith("f:2: not valid YAML: a character");
  }

  @Test
  void tellsARuleThatMixesKinds() {
    var head = "version: 1\ngolden-signals: {cpu: [{convention: x, expression: up}]}\nrules:\n  - ";

    assertThat(faults(head + "{name: a, kind: threshold, severity: SEV1}"))
        .containsExactly(
            "f:4: rules[0].signal: expected either a golden signal or an expression in a threshold rule");
    assertThat(
            faults(
                head
                    + "{name: a, kind: threshold, severity: SEV1, signal: cpu, above: 1, below: 2, after: 5s}"))
        .containsExactly(
            "f:4: rules[0].after: is for rules of the kind no-data; a threshold rule has 'for'",
            "f:4: rules[0].below: expected only one of above, at-least, below, at-most in a rule");
    assertThat(
            faults(
                head
                    + "{name: a, kind: threshold, severity: SEV1, expression: up > 1, above: abc}"))
        .containsExactly(
            "f:4: rules[0].above: expected a number, found 'abc'",
            "f:4: rules[0].expression: expected the limit inside the expression, as in queue_depth > 100");
    assertThat(
            faults(
                head
                    + "{name: a, kind: anomaly, severity: SEV4, at-least: 0.2, below: 1, after: 9s}"))
        .containsExactly(
            "f:4: rules[0].after: is not for rules of the kind anomaly",
            "f:4: rules[0].below: expected only one of above, at-least, below, at-most in a rule",
            "f:4: rules[0].below: is not for rules of the kind anomaly");
    assertThat(faults(head + "{name: a, kind: anomaly, severity: SEV4, at-least: 0.2}"))
        .containsExactly(
            "f:4: rules[0].at-least: expected a score from 0.5, where an anomaly begins, to 1");
    assertThat(faults(head + "{name: a, kind: no-data, severity: SEV1, after: 9s, cool-down: 1m}"))
        .containsExactly("f:4: rules[0].cool-down: is not for rules of the kind no-data");
    assertThat(faults(head + "{name: a, kind: no-data, severity: SEV1, for: 1s}"))
        .containsExactly(
            "f:4: rules[0].after: expected a duration such as 30s, 5m, 1h, found nothing",
            "f:4: rules[0].for: is for rules of the kind threshold");
  }

  @Test
  void checksProbesExperimentsAndChannels() {
    var text =
        """
        version: 1
        services: [{name: a, environments: [prod], dependencies: [a]}]
        probes: [{name: p, service: a, env: prod, url: ftp://x, interval: 1s, timeout: 2s}]
        experiments:
          - {name: e, kind: latency, service: a, env: test, duration: 2h, parameters: {x: [1]}}
        notifications:
          channels: [{name: d, kind: discord, url: "hook-with-secret"}]
          routes: [{channel: e}]
        playbooks: [{name: p, action: reboot}]
        status-page: {components: [{name: A, env: prod}]}
        """;

    assertThat(faults(text))
        .containsExactly(
            "f:2: services[0].dependencies: expected other services, found 'a' itself",
            "f:3: probes[0].timeout: expected no more than the interval of 1s",
            "f:3: probes[0].url: expected an address that starts with http:// or https://, found 'ftp://x'",
            "f:5: experiments[0].duration: expected a duration such as 30s, 5m, 1h, between 1s and 1h, found '2h'",
            "f:5: experiments[0].env: there is no environment 'test'; there are prod",
            "f:5: experiments[0].parameters: the attack 'latency' needs 'millis', found nothing",
            "f:5: experiments[0].parameters.x: expected a text, a number, true or false, found a list",
            "f:5: experiments[0].target: expected the address of the target's chaos agent, found nothing",
            "f:7: notifications.channels[0].url: expected an address that starts with http:// or https://, or nothing",
            "f:8: notifications.routes[0].channel: there is no channel 'e'; did you mean 'd'?",
            "f:9: playbooks[0].action: expected one of command, restart, stop-run, webhook, found 'reboot'",
            "f:9: playbooks[0].triggers: expected at least one kind of signal, for example [service-down]",
            "f:10: status-page.components[0].services: expected a list of services, found nothing");
  }

  @Test
  void checksParametersOfExperimentsAsThoseOfRuns() {
    var text =
        """
        version: 1
        services: [{name: a, environments: [prod]}]
        experiments:
          - name: e
            kind: errors
            service: a
            env: prod
            target: http://a
            duration: 1m
            parameters:
              ratio: 1.7
              status: 200
              millis: 5
          - {name: c, kind: crash, service: a, env: prod, duration: 1m, parameters: {load: 1}}
          - {name: n, kind: bad-deploy, service: a, env: prod, target: http://a, duration: 1m,
             parameters: {version: "2.0"}}
        """;

    assertThat(faults(text))
        .containsExactly(
            "f:11: experiments[0].parameters.ratio: expected a number from 0 to 1",
            "f:12: experiments[0].parameters.status: expected a whole number from 400 to 599",
            "f:13: experiments[0].parameters.millis: the attack 'errors' takes ratio, status",
            "f:14: experiments[1].parameters.load: the attack 'crash' takes no parameters");
  }

  @Test
  void takesNoTwoComponentsOfOneName() {
    var text =
        """
        version: 1
        services: [{name: a, environments: [prod, test]}]
        status-page:
          components:
            - {name: The shop, env: prod, services: [a]}
            - {name: The shop, env: test, services: [a]}
        """;

    assertThat(faults(text))
        .containsExactly(
            "f:6: status-page.components[1].name: expected a name of its own, found 'The shop',"
                + " which is the component of line 5 already");
  }

  @Test
  void takesNoProbeNamedLikeAPartOfWatchtower() {
    var text =
        """
        version: 1
        services: [{name: a, environments: [prod]}]
        probes:
          - {name: a, service: a, env: prod, url: http://a}
          - {name: postgresql, service: a, env: prod, url: http://a}
        """;

    assertThat(faults(text))
        .containsExactly(
            "f:5: probes[1].name: expected another name, 'postgresql' is a part of Watchtower, which is probed anyway");
  }

  @Test
  void doesNotTellValuesThatComeFromTheEnvironment() {
    var secretive = new CatalogParser(n -> "s3cret");

    var e =
        catchThrowableOfType(
            CatalogException.class,
            () -> secretive.parse("f", "version: ${V}".getBytes(StandardCharsets.UTF_8)));

    assertThat(e.lines()).containsExactly("f:1: version: expected 1, found '${V}'");
  }

  @Test
  void refusesWhatIsTooLargeOrNotText() {
    var large =
        catchThrowableOfType(
            CatalogException.class, () -> parser.parse("f", new byte[(1 << 20) + 1]));
    var binary =
        catchThrowableOfType(
            CatalogException.class, () -> parser.parse("f", new byte[] {(byte) 0xff, (byte) 0xfe}));

    assertThat(large.lines()).containsExactly("f:1: expected at most 1 MiB, found 1048577 bytes");
    assertThat(binary.lines()).containsExactly("f:1: expected text in UTF-8");
  }

  @Test
  void survivesAliasBombsAndSelfReference() {
    var bomb = new StringBuilder("version: 1\na0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }

    assertThat(faults(bomb.toString())).isNotEmpty();
    assertThat(faults("version: 1\nservices: &s [*s]")).isNotEmpty();
    assertThat(faults("version: 1\nwatchtower: &w {<<: *w}")).isNotEmpty();
    assertThat(faults("version: 1\nwatchtower: {<<: &l [*l, *l, *l]}")).isNotEmpty();
  }

  @Test
  void neverFailsOnAMutatedFileWithAnythingButTheFaultsOfTheCatalog() throws IOException {
    var original = Files.readAllBytes(SHIPPED);
    for (int seed = 0; seed < 400; seed++) {
      var random = new SplittableRandom(seed);
      var mutated = original.clone();
      for (int i = 0; i <= random.nextInt(6); i++) {
        mutated[random.nextInt(mutated.length)] =
            (byte) "{}[]:,&*!|>-\n\t #%@`'\"\\xF7\u0000".charAt(random.nextInt(24));
      }
      int cut = random.nextInt(4) == 0 ? random.nextInt(mutated.length) : mutated.length;
      try {
        parser.parse("f", Arrays.copyOf(mutated, cut));
      } catch (CatalogException e) {
        assertThat(e.faults()).as("seed %d", seed).isNotEmpty();
      }
    }
  }

  private Catalog parse(String text) {
    return parser.parse("f", text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> faults(String text) {
    return catchThrowableOfType(CatalogException.class, () -> parse(text)).lines();
  }
}
